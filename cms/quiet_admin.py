"""Wagtail's admin without its mail, and with spreadsheets in which nothing is run."""

from __future__ import annotations

from wagtail.admin.apps import WagtailAdminAppConfig


class QuietAdminConfig(WagtailAdminAppConfig):
    """
    Takes the place of "wagtail.admin" among the installed apps.

    Wagtail would mail about moderation inside our transaction, with the title in the subject, and to superusers too.
    What we tell people goes through the outbox.
    """

    def ready(self) -> None:
        super().ready()
        from cms.exports import harmless_everywhere

        harmless_everywhere()
        from wagtail.models import TaskState, WorkflowState
        from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

        task_submitted.disconnect(sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification")
        for signal, told in (
            (workflow_submitted, "submitted"),
            (workflow_rejected, "rejected"),
            (workflow_approved, "approved"),
        ):
            signal.disconnect(sender=WorkflowState, dispatch_uid=f"workflow_state_{told}_email_notification")

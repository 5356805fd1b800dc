"""Moderation: a change of words about a service or an organization waits for one steward."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from cms.groups import STEWARDS
from directory.models import Organization, Service

NAME = "Steward approval"


def set_up() -> Workflow:
    """Make the workflow, its one task, and its tie to services and organizations, where they are missing."""
    task, _ = GroupApprovalTask.objects.get_or_create(name=NAME)
    task.groups.set(Group.objects.filter(name=STEWARDS))
    workflow, _ = Workflow.objects.get_or_create(name=NAME)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr, defaults={"sort_order": 0})
    for model in (Service, Organization):
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        WorkflowContentType.objects.update_or_create(content_type=kind, defaults={"workflow": workflow})
    return workflow

import pytest
from django.core.management import call_command
from tests.factories import directory as make
from tests.factories.people import member, browser_of
from directory.models import Role
from safekeeping.models import User
@pytest.mark.django_db
@pytest.mark.parametrize("sup",[0,1])
def test_a(sup):
    call_command("setup_cms", verbosity=0)
    m=member(Role.SYSADMIN, make.organization())
    User.objects.filter(pk=m.user_id).update(is_superuser=bool(sup))
    m.user.refresh_from_db()
    c=browser_of(m)
    print(sup, c.get("/admin/pages/").status_code)

"""The walls around the roster, the sequence of row ids, and the references that cannot leave a district.

Rows that come by the hundred thousand (users, roles, enrollments, demographics) have no foreign keys: ADR 0003.
"""

from typing import ClassVar

from django.db import migrations

from firstbell.domain.districts.operations import TenantReference, TenantTable

IDS = "create sequence roster_row_ids as bigint increment by 1000 minvalue 1000 start with 1000"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("roster", "0001_initial"), ("districts", "0002_wall")]
    operations: ClassVar = [
        migrations.RunSQL(IDS, "drop sequence roster_row_ids"),
        TenantTable("Source", referable=True),
        TenantTable("Record"),
        TenantTable("Org"),
        TenantTable("AcademicSession"),
        TenantTable("Course"),
        TenantTable("Class"),
        TenantTable("User"),
        TenantTable("UserProfile"),
        TenantTable("Role"),
        TenantTable("Enrollment"),
        TenantTable("Demographics"),
        TenantReference("Org", "parent_id", "roster.Org"),
        TenantReference("AcademicSession", "parent_id", "roster.AcademicSession"),
        TenantReference("Course", "org_id", "roster.Org"),
        TenantReference("Course", "school_year_id", "roster.AcademicSession"),
        TenantReference("Class", "course_id", "roster.Course"),
        TenantReference("Class", "school_id", "roster.Org"),
        TenantReference("UserProfile", "user_id", "roster.User"),
    ]

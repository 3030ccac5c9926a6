"""Small uploads of each dialect as text, which a test changes and reads."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.engine.district import write_files

from firstbell.engine.check import Checked
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.reading import Reading

type Texts = dict[str, str]

CLEVER: Texts = {
    "schools.csv": "School_id,School_name,School_number,Low_grade\nelm,Elm Elementary,001,PreKindergarten\n"
    "oak,Oak High,002,9\n",
    "students.csv": (
        "School_id,Student_id,Student_number,Last_name,First_name,Grade,Gender,DOB,Race,Hispanic_Latino,Frl_status,"
        "Username,Password,Contact_sis_id,Contact_name,Contact_relationship,Contact_email,ext.bus\n"
        "elm,s1,9001,Lee,Ada,K,F,3/4/2020,Asian,N,Free,ada,Sesame-7,c1,Mia Ann Lee,Mother,mia@example.org,7\n"
        "elm,s1,9001,Lee,Ada,K,F,3/4/2020,Asian,N,Free,ada,Sesame-7,,Bo Lee,Uncle,,7\n"
        "oak,s2,9002,Ray,Ben,10,M,11/30/2010,Unknown,Y,,ben,,,,,,\n"
        "elm,s2,9002,Ray,Ben,10,M,11/30/2010,Unknown,Y,,ben,,,,,,\n"
    ),
    "teachers.csv": "School_id,Teacher_id,Teacher_number,Last_name,First_name,Teacher_email,Title\n"
    "elm,t1,T1,May,Tess,tess@example.org,Ms\noak,t1,T1,May,Tess,tess@example.org,Ms\noak,t2,T2,Orr,Otto,otto@example.org,\n",
    "staff.csv": "School_id,Staff_id,Last_name,First_name,Staff_email,Role,Title\n"
    "oak,p1,Poe,Pia,pia@example.org,,Principal\noak,p2,Quo,Quin,quin@example.org,,Clerk\n"
    "elm,t2,Orr,Otto,,School Admin,\n",
    "sections.csv": (
        "School_id,Section_id,Teacher_id,Teacher_2_id,Name,Section_number,Grade,Course_name,Course_number,Period,Subject,"
        "Term_name,Term_start,Term_end\n"
        "elm,k1,t1,,Reading K,1,Kindergarten,Reading,R0,1,english/language arts,2026-2027,8/17/2026,6/12/2027\n"
        "oak,k2,t1,t2,,2,9,Algebra,,3,math,Fall,8/17/2026,12/18/2026\n"
        "oak,k3,t2,,Study hall,3,,,,,,Fall,8/17/2026,12/18/2026\n"
    ),
    "enrollments.csv": "School_id,Section_id,Student_id\nelm,k1,s1\noak,k2,s2\noak,k3,s2\n",
}

SDS_V1: Texts = {
    "School.csv": "SIS ID,Name,School Number,Principal SIS ID,City\nelm,Elm Elementary,001,t1,Elmville\n",
    "Section.csv": (
        "SIS ID,School SIS ID,Section Name,Section Number,Term SIS ID,Term Name,Term StartDate,Term EndDate,"
        "Course SIS ID,Course Name,Course Number,Course Subject,Periods\n"
        "k1,elm,Reading K,1,y27,2026-2027,8/17/2026,6/12/2027,r0,Reading,R0,English,1\n"
        "k2,elm,Reading K,2,y27,2026-2027,8/17/2026,6/12/2027,r0,Reading,R0,English,2\n"
    ),
    "Student.csv": "SIS ID,School SIS ID,First Name,Last Name,Username,Password,Student Number,Grade,Status,Birthdate\n"
    "1,elm,Ada,Lee,ada,Sesame-7,9001,1,Active,3/4/2020\n2,elm,Ben,Ray,ben,Sesame-7,9002,10,Withdrawn,2010-11-30\n",
    "Teacher.csv": "SIS ID,School SIS ID,First Name,Last Name,Username,Password,Teacher Number,Title\n"
    "t1,elm,Tess,May,tess,Sesame-7,T1,Ms\n1,elm,Otto,Orr,otto,Sesame-7,T2,\n",
    "StudentEnrollment.csv": "Section SIS ID,SIS ID\nk1,1\nk2,2\n",
    "TeacherRoster.csv": "Section SIS ID,SIS ID\nk1,t1\nk2,t1\nk2,1\n",
    "User.csv": "Email,First Name,Last Name,Phone,SIS ID\nMia@example.org,Mia,Lee,555-0100,\n",
    "GuardianRelationship.csv": "SIS ID,Email,Role\n1,mia@example.org,Parent\n",
}

SDS_V2: Texts = {
    "orgs.csv": "sourcedId,name,type,parentSourcedId\nlake,Lakeside,ministryOfEducation,\nelm,Elm,school,lake\n",
    "users.csv": "sourcedId,orgSourcedIds,givenName,familyName,username,password,role,grade\n"
    's1,"elm,lake",Ada,Lee,ada@example.org,Sesame-7,Student,1\nt1,elm,Tess,May,tess@example.org,Sesame-7,Faculty,\n',
    "classes.csv": "sourcedId,orgSourcedId,title\nk1,elm,Reading\nk2,elm,Reading\n",
    "enrollments.csv": "classSourcedId,userSourcedId,role\nk1,s1,Student\nk1,t1,Teacher\n",
}

SDS_V2P1: Texts = {
    "orgs.csv": SDS_V2["orgs.csv"],
    "users.csv": "sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,phone,sms\n"
    "s1,ada@example.org,Ada,Lee,Sesame-7,ada@example.org,,,\ns2,ben@example.org,Ben,Ray,,,,,\n"
    "t1,tess@example.org,Tess,May,,,tess@example.org,,\nc1,mia@example.org,Mia,Lee,,,mia@example.org,+12065550100,\n",
    "roles.csv": (
        "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate\n"
        "s1,elm,student,fall,1,TRUE,2026-08-17,2026-12-18\ns1,elm,student,spring,1,TRUE,2027-01-05,2027-06-12\n"
        "s2,elm,student,,10,TRUE,,\nt1,elm,professor,,,TRUE,,\nt1,lake,itAdmin,,,FALSE,,\n"
    ),
    "classes.csv": "sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId,code\n"
    'k1,elm,Reading,"fall,spring",r0,R0-1\nk2,elm,Study hall,,,\n',
    "enrollments.csv": "classSourcedId,userSourcedId,role\nk1,s1,student\nk1,s2,student\nk1,t1,professor\n",
    "academicSessions.csv": "sourcedId,title,type,schoolYear,startDate,endDate\n"
    "fall,Fall,semester,2027,2026-08-17,2026-12-18\n"
    "spring,Spring,quarter,2027,2027-01-05,2027-06-12\n",
    "courses.csv": "sourcedId,orgSourcedId,title,code,schoolYearSourcedId,subject,grade\n"
    "r0,elm,Reading,R0,,English,1\n",
    "demographics.csv": "userSourcedId,sex,birthDate,birthCity,birthState,birthCountry,ethnicityCodes,raceCodes\n"
    's1,female,2020-03-04,Elmville,WA,USA,hispanicOrLatinoEthnicity,"asian,white"\n',
    "userFlags.csv": "userSourcedId,flag\ns1,iep\ns1,freeLunch\ns2,504\n",
    "relationships.csv": "userSourcedId,relationshipUserSourcedId,relationshipRole\ns1,c1,parent\n",
}

UPLOADS = {"clever": CLEVER, "sds_v1": SDS_V1, "sds_v2": SDS_V2, "sds_v2p1": SDS_V2P1}


def changed(texts: Texts, file: str, old: str, new: str) -> Texts:
    """With one piece of one file replaced, which has to be there."""
    assert old in texts[file], old
    return {**texts, file: texts[file].replace(old, new)}


def without(texts: Texts, *files: str) -> Texts:
    return {file: text for file, text in texts.items() if file not in files}


def read_texts(texts: Mapping[str, str | bytes], *, strict: bool = False) -> tuple[Reading, Checked]:
    with tempfile.TemporaryDirectory(prefix="firstbell-test-") as folder:
        return inspect(open_package(write_files(Path(folder), texts)), strict=strict)


def cells(checked: Checked, table: str, *columns: str) -> list[tuple[str | None, ...]]:
    """These columns of a table, in a settled order."""
    return sorted(checked.tables[table].select(columns).rows(), key=str)


def found(checked: Checked) -> list[tuple[str, str | None, int | None, str | None, str | None]]:
    """Code, file, record, column and value of each finding."""
    return checked.findings.select("code", "file", "record", "column", "value").rows()

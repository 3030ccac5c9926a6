"""How systems call the files and columns of a roster: what a person could mean, never what is taken for granted.

Spellings are folded (lower case, without blanks, dashes, underscores and dots).
"""

FILE_SPELLINGS: dict[str, tuple[str, ...]] = {
    "users": ("kids", "students", "pupils", "people", "persons", "user", "student", "learners", "teachers", "staff"),
    "orgs": ("schools", "organizations", "organisations", "school", "org", "buildings", "campuses"),
    "academicSessions": ("terms", "sessions", "term", "semesters", "markingperiods", "gradingperiods", "calendar"),
    "courses": ("course", "coursecatalog", "coursecatalogue"),
    "classes": ("sections", "class", "section", "groups"),
    "enrollments": ("enrolments", "rosters", "roster", "enrollment", "schedules", "classmembers", "memberships"),
    "demographics": ("demographic", "demos"),
    "roles": ("role", "userroles"),
    "userProfiles": ("profiles",),
}

_OF_ANY_FILE: dict[str, tuple[str, ...]] = {
    "givenName": ("first", "firstname", "fname", "given", "forename", "legalfirstname"),
    "familyName": ("last", "lastname", "lname", "surname", "family", "legallastname"),
    "middleName": ("middle", "middlename", "mname"),
    "preferredGivenName": ("preferredname", "preferredfirstname", "nickname"),
    "username": ("user", "login", "loginname", "loginid", "useraccount", "accountname"),
    "email": ("mail", "emailaddress", "studentemail", "teacheremail", "schoolemail"),
    "phone": ("telephone", "phonenumber", "tel"),
    "identifier": ("localid", "stateid", "ncesid", "otherid", "studentnumber", "staffnumber"),
    "grades": ("grade", "gradelevel", "gradelevels", "yeargroup"),
    "role": ("usertype", "type", "position"),
    "enabledUser": ("enabled", "isactive", "activeuser"),
    "password": ("pin", "passwort", "kennwort", "kode", "initialpassword", "defaultpassword", "contrasena"),
    "birthDate": ("dob", "dateofbirth", "birthday"),
    "sex": ("gender",),
    "title": ("classname", "coursename", "sectionname", "termname", "name", "description"),
    "name": ("schoolname", "orgname", "organizationname", "school"),
    "courseCode": ("coursenumber", "code"),
    "classCode": ("classnumber", "sectionnumber", "section"),
    "periods": ("period", "block"),
    "location": ("room", "roomnumber"),
    "startDate": ("start", "begindate", "firstday", "begins"),
    "beginDate": ("start", "startdate", "entrydate", "begins"),
    "endDate": ("end", "exitdate", "lastday", "ends", "finishdate"),
    "schoolYear": ("year", "academicyear"),
    "type": ("orgtype", "sessiontype", "termtype"),
    "userSourcedId": ("studentid", "userid", "personid", "teacherid", "memberid", "pupilid", "staffid"),
    "classSourcedId": ("classid", "sectionid", "groupid"),
    "courseSourcedId": ("courseid",),
    "schoolSourcedId": ("schoolid", "orgid", "school", "buildingid", "campusid"),
    "orgSourcedId": ("schoolid", "orgid", "school", "buildingid", "campusid"),
    "orgSourcedIds": ("schoolid", "schoolids", "orgid", "school", "schools", "buildingid", "campusid"),
    "primaryOrgSourcedId": ("schoolid", "homeschool", "homeschoolid", "school"),
    "termSourcedIds": ("termid", "term", "terms", "termids", "sessionid"),
    "parentSourcedId": ("parentid", "parent", "districtid"),
}
_IDS: dict[str, tuple[str, ...]] = {
    "users": ("studentid", "userid", "personid", "pupilid", "staffid", "teacherid", "id", "studentnumber"),
    "orgs": ("schoolid", "orgid", "organizationid", "organisationid", "buildingid", "campusid", "id"),
    "academicSessions": ("termid", "sessionid", "semesterid", "id"),
    "courses": ("courseid", "id"),
    "classes": ("classid", "sectionid", "groupid", "id"),
    "enrollments": ("enrollmentid", "enrolmentid", "id"),
    "roles": ("roleid", "id"),
    "userProfiles": ("profileid", "id"),
    "demographics": ("studentid", "userid", "personid", "pupilid", "id"),
}

WHOLE_NAMES = ("name", "fullname", "studentname", "displayname", "teachername", "nameofstudent", "pupilname")
"""Columns of whole names."""


def spellings_of(file: str, column: str) -> tuple[str, ...]:
    """Other names of a column of a file (``users``), the likeliest first."""
    return _IDS.get(file, ()) if column == "sourcedId" else _OF_ANY_FILE.get(column, ())

using System.Collections.Frozen;
using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Layouts;

/// <summary>Headers of columns that describe the student, in the languages that exports use.</summary>
internal static class StudentWords
{
    private static readonly FrozenDictionary<string, ColumnRole> Roles = Build();

    private static readonly FrozenDictionary<string, string> Ignored = new (string Reason, string[] Words)[]
    {
        ("attendance or activity, not a score", ["last access", "last accessed", "last login", "last activity", "last access to course", "last access to this course", "total activity time (mins)", "total activity time", "time in course (hours)", "time in course", "page views", "participations", "attendance hours", "hours attended", "letzter zugriff", "dernier accès", "último acceso", "ultimo accesso", "último acesso", "laatste toegang", "senaste åtkomst", "zuletzt online"]),
        ("when the row was written", ["timestamp", "zeitstempel", "horodateur", "marca temporal", "date", "last downloaded from this course", "zuletzt in diesem kurs geladen", "dernier téléchargement depuis ce cours", "última descarga de este curso", "ultimo scaricamento da questo corso", "último download realizado neste curso", "laatst gedownload vanuit deze cursus", "letzte änderung"]),
        ("about the student, not a score", ["institution", "department", "availability", "suspended", "phone", "city", "city/town", "country", "major", "program", "programme", "degree", "year", "level", "gender", "pronouns", "integration id", "root account", "institution id", "abteilung", "département", "departamento", "dipartimento", "afdeling", "avdelning", "institución", "instituição", "instelling", "établissement", "istituzione", "institución (código)", "verfügbarkeit", "disponibilité", "disponibilidad", "gesperrt", "suspendu", "suspendido", "sospeso", "suspenso", "role", "status", "enrollment status", "enrolment status", "advisor", "tutor", "photo", "no", "no.", "nr", "nr.", "s/n", "lfd. nr.", "n°"]),
        ("a comment, not a score", ["comment", "comments", "note", "notes", "notes format", "grading notes", "feedback", "feedback to learner", "feedback format", "remarks", "remark", "kommentar", "kommentare", "bemerkung", "bemerkungen", "commentaire", "commentaires", "remarque", "remarques", "comentario", "comentarios", "observaciones", "comentários", "commenti", "commento", "opmerking", "opmerkingen", "kommentarer", "anmerkung", "anmerkungen"]),
        ("marks the end of a row", ["end-of-line indicator"]),
    }.SelectMany(group => group.Words.Select(word => (Word: CellText.Word(word), group.Reason))).DistinctBy(pair => pair.Word).ToFrozenDictionary(pair => pair.Word, pair => pair.Reason, StringComparer.Ordinal);

    public static ColumnRole? RoleOf(string header) => Roles.TryGetValue(CellText.Word(header), out var role) ? role : null;

    public static string? ReasonToIgnore(string header) => Ignored.TryGetValue(CellText.Word(header), out var reason) ? reason : null;

    private static FrozenDictionary<string, ColumnRole> Build()
    {
        var roles = new Dictionary<string, ColumnRole>(StringComparer.Ordinal);
        Add(ColumnRole.FirstName, "first name", "firstname", "given name", "given names", "forename", "first", "preferred name", "vorname", "prénom", "prenom", "prénom(s)", "nombre", "nombre(s)", "nome", "voornaam", "förnamn", "fornavn", "etunimi", "imię", "jméno", "keresztnév", "utónév", "prenume", "adı", "имя", "ім'я", "nom propi", "όνομα", "meno", "ime", "名", "名字", "이름");
        Add(ColumnRole.LastName, "last name", "lastname", "surname", "family name", "last", "nachname", "familienname", "nom", "nom de famille", "apellido(s)", "apellidos", "apellido", "cognome", "sobrenome", "apelido", "apelido(s)", "achternaam", "efternamn", "etternavn", "efternavn", "sukunimi", "nazwisko", "příjmení", "vezetéknév", "nume", "nume de familie", "soyadı", "фамилия", "прізвище", "cognoms", "επώνυμο", "priezvisko", "prezime", "姓", "姓氏", "성");
        Add(ColumnRole.FullName, "name", "full name", "fullname", "student", "students", "student name", "student full name", "learner", "learner name", "display name", "participant", "last name, first name", "last, first", "name (last, first)", "studierende", "studierende/r", "studierender", "schüler", "schüler/in", "teilnehmer", "teilnehmer/in", "vollständiger name", "name, vorname", "étudiant", "étudiante", "étudiant(e)", "élève", "nom complet", "nom et prénom", "nom prénom", "estudiante", "alumno", "alumna", "alumno/a", "nombre completo", "apellidos y nombre", "estudante", "aluno", "aluno(a)", "nome completo", "nome do aluno", "studente", "nominativo", "cognome e nome", "leerling", "naam", "volledige naam", "elev", "namn", "navn", "nimi", "opiskelija", "imię i nazwisko", "姓名", "氏名", "이름 (성)");
        Add(ColumnRole.SourceId, "id", "student id", "studentid", "student no", "student no.", "student number", "id number", "idnumber", "sis id", "sis user id", "user id", "userid", "orgdefinedid", "org defined id", "org-defined id", "sid", "uin", "uid", "student_id", "university id", "external id", "unique id", "anonymous id", "roll no", "roll no.", "roll number", "reg no", "reg. no.", "registration number", "matriculation number", "id-nummer", "studenten-id", "studierenden-id", "azonosító szám", "azonosító", "neptun kód", "öğrenci no", "matrikelnummer", "matrikelnr", "matrikelnr.", "matr.-nr.", "matrnr", "numéro d'identification", "n° d'identification", "numéro étudiant", "numéro d’identification", "identifiant", "número de id", "número de identificación", "numero de id", "código", "matrícula", "legajo", "expediente", "número de identificação", "numero identificativo", "codice identificativo", "numero di matricola", "matricola", "id-nummer student", "studentnummer", "studienummer", "leerlingnummer", "id-numer", "numer albumu", "opiskelijanumero", "学号", "学籍番号", "학번");
        Add(ColumnRole.Login, "username", "user name", "user", "login", "login id", "loginid", "sis login id", "netid", "net id", "account", "benutzername", "anmeldename", "nutzername", "kennung", "nom d'utilisateur", "nom d’utilisateur", "nombre de usuario", "usuario", "nome utente", "nome de usuário", "nome de utilizador", "gebruikersnaam", "användarnamn", "brukernavn", "brugernavn", "käyttäjätunnus", "nazwa użytkownika", "用户名");
        Add(ColumnRole.Email, "email", "e-mail", "email address", "e-mail address", "mail", "student email", "e-mail-adresse", "e-mailadresse", "emailadresse", "email-adresse", "adresse de courriel", "courriel", "adresse e-mail", "adresse électronique", "adresse mail", "dirección de correo", "dirección de correo electrónico", "dirección email", "correo", "correo electrónico", "correo-e", "email institucional", "indirizzo email", "indirizzo e-mail", "endereço de email", "endereço de e-mail", "e-mailadres", "e-postadress", "e-post", "e-postadresse", "epost", "sähköpostiosoite", "adres e-mail", "adresa de email", "e-mail cím", "e-posta", "e-posta adresi", "электронная почта", "адрес электронной почты", "邮箱", "メールアドレス");
        Add(ColumnRole.Section, "section", "sections", "section name", "group", "groups", "class", "class section", "period", "cohort", "tutorial group", "tutorial", "lab section", "child course id", "course section", "section id", "gruppe", "gruppen", "kurs", "übungsgruppe", "klasse", "groupe", "groupes", "groupe td", "classe", "sección", "secciones", "grupo", "grupos", "clase", "turma", "gruppo", "gruppi", "sezione", "groep", "groepen", "klas", "grupp", "grupper", "sektion", "ryhmä", "grupa");
        return roles.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(ColumnRole role, params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
                roles[CellText.Word(word)] = role;
        }
    }
}

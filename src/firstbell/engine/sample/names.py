"""First and family names of the made-up people, in groups that often stand together, and plain spellings for log-ins.

The lists are short and written for this program; no name belongs to a particular person.
"""

import unicodedata
from dataclasses import dataclass

import polars as pl

from firstbell.engine.sample.draws import Draws

_GROUPS: tuple[tuple[str, str], ...] = (
    (
        (
            "Emma Olivia Noah Liam Ava Ethan Grace Henry Lucy Owen Hazel Wyatt "
            "Nora Caleb Ruby Jack Ella Samuel Clara Theo Mary-Kate Billie-Jo"
        ),
        (
            "Anderson Baker Carter Dawson Ellis Foster Graham Harper Irving Jennings Keller "
            "Lawson Mitchell Norris Parker Reed Sawyer Turner Whitfield Young Smith-Barlow"
        ),
    ),
    (
        (
            "Sofía Mateo Camila Santiago Valentina Diego Lucía José Ximena "
            "Andrés Mariana Joaquín Daniela Ángel Renata Íker Guadalupe Raúl"
        ),
        (
            "García Hernández Martínez López González Rodríguez Pérez Sánchez Ramírez "
            "Flores Muñoz Núñez Ibáñez Peña Castañeda Ortiz-Vega De_la_Cruz Zúñiga"
        ),
    ),
    (
        (
            "Aaliyah Jaylen Imani Darius Nia Malik Zora Tyrone Amara Isaiah "
            "Kiara Xavier Ebony Jalen De'Andre Ja'Nae Keisha Andre"
        ),
        (
            "Washington Jefferson Banks Coleman Dixon Freeman Gaines Hayes "
            "Jackson Lewis Mosley Owens Pratt Rollins Simmons Tate Walker"
        ),
    ),
    (
        "Thùy Minh Quỳnh Đức Anh Bảo Linh Tuấn Hương Khôi Ngọc Phúc Trâm Việt",
        "Nguyễn Trần Lê Phạm Huỳnh Hoàng Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý",
    ),
    (
        "Wei Mei Jun Lin Hao Xiu Jia Yan Min-ji Seo-yeon Ji-ho Haruto Yui Sakura Ren Aiko Hyun-woo",
        "Chen Wang Li Zhang Liu Huang Zhao Wu Kim Park Choi Lee Tanaka Suzuki Sato Itō Kobayashi Yoon",
    ),
    (
        "Aarav Priya Ananya Rohan Diya Vihaan Ishaan Meera Arjun Kavya Zara Kabir Fatima Ayaan Simran",
        "Patel Sharma Singh Gupta Reddy Iyer Khan Nair Mehta Desai Chowdhury Banerjee Kaur Malik Rao",
    ),
    (
        "Omar Layla Yusuf Amina Khalid Noor Hassan Maryam Ibrahim Salma Zayd Hana Tariq Leen",
        "Al-Masri Haddad Rahman El-Sayed Nasser Khoury Aziz Mansour Abdi Warsame Osman Farah Saleh Bakr",
    ),
    (
        "Saoirse Declan Niamh Cillian Siobhán Rónán Fiona Eoin Aoife Padraig Maeve Conor",
        "O'Brien O'Neill McCarthy Ó_Súilleabháin Fitzgerald Kavanagh Ní_Dhomhnaill MacLeod Gallagher Doyle D'Arcy",
    ),
    (
        "Zofia Łukasz Małgorzata Jakub Żaneta Oleksandra Dmytro Jiří Šárka Ondřej Petra Mihai Ioana Ștefan Zuzana",
        (
            "Kowalski Wiśniewska Wójcik Szymański Łukaszewicz Dvořák Novák Černý "
            "Shevchenko Bondarenko Popescu Țurcanu Ionescu Horváth Szabó"
        ),
    ),
    (
        "Elif Mehmet Zeynep Emre Ayşe Çağla Yiğit İpek Freya Søren Åsa Jürgen Zoë Anaïs François Chloé Renée",
        (
            "Yılmaz Şahin Öztürk Çelik Doğan Jørgensen Bjørnstad Öberg "
            "Müller Weiß Großmann Lefèvre Côté D'Angelo Papadópoulos"
        ),
    ),
    (
        "Kaimana Leilani Keoni Nāwahi Talia Sione Mele Tavita Aiyana Kai Winona Takoda Nizhoni Elan",
        "Kealoha Kamaka Fonoti Tuʻipulotu Begay Yazzie Tsosie Whitehorse Redcloud Mahoe Kekoa Nez",
    ),
    (
        "Chinedu Adaeze Kwame Abena Tunde Ngozi Kofi Folake Emeka Zainab Thandiwe Sipho Amare Selam",
        "Okafor Adeyemi Mensah Owusu Eze Balogun Boateng Nwosu Dlamini Tesfaye Bekele Nkrumah Obi Abebe",
    ),
)
_PLAIN = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "ʻ": "", "'": "", "’": "", "-": "", " ": ""}
)


def plain(name: str) -> str:
    """The name in the letters a to z, as log-in names are made: ``Łukaszewicz`` is ``lukaszewicz``."""
    spelled = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN)).translate(_PLAIN)
    return "".join(letter for letter in spelled if "a" <= letter <= "z")


def _listed(names: str) -> list[str]:
    return [name.replace("_", " ") for name in names.split()]


@dataclass(frozen=True, slots=True)
class _Names:
    """All names of one kind in a row, with where each group starts and how many it holds."""

    names: pl.Series
    starts: tuple[int, ...]
    lengths: tuple[int, ...]

    @classmethod
    def of(cls, groups: list[list[str]]) -> "_Names":
        lengths = tuple(len(group) for group in groups)
        starts = tuple(sum(lengths[:place]) for place in range(len(lengths)))
        return cls(pl.Series([name for group in groups for name in group], dtype=pl.String), starts, lengths)

    def draw(self, group: pl.Expr, drawn: pl.Expr) -> pl.Expr:
        """The place (UInt64) of a drawn name of the group in ``names``."""
        places = list(range(len(self.starts)))
        length = group.replace_strict(places, list(self.lengths), return_dtype=pl.UInt64)
        return group.replace_strict(places, list(self.starts), return_dtype=pl.UInt64) + drawn % length


_GIVEN = _Names.of([_listed(given) for given, _ in _GROUPS])
_FAMILY = _Names.of([_listed(family) for _, family in _GROUPS])


def name_people(people: pl.DataFrame, draws: Draws, *, kind: str) -> pl.DataFrame:
    """Adds ``givenName, middleName, familyName`` and ``given_plain, family_plain`` (the names at first, for log-ins).

    ``people`` has ``no`` and ``renamed`` (the day of the last change of family name, 0 where there was none).
    """
    groups = len(_GROUPS)
    no, renamed = pl.col("no"), pl.col("renamed")
    home = draws.below(groups, f"{kind} group", no)
    family_home = (
        pl.when(draws.chance(0.75, f"{kind} mixed", no))
        .then(home)
        .otherwise(draws.below(groups, f"{kind} other group", no))
    )
    new_home = draws.below(groups, f"{kind} new group", no, renamed)
    first_family = _FAMILY.draw(family_home, draws.draw(f"{kind} family", no))
    new_family = _FAMILY.draw(new_home, draws.draw(f"{kind} new family", no, renamed))
    given = _GIVEN.draw(home, draws.draw(f"{kind} given", no))
    middle = _GIVEN.draw(home, draws.draw(f"{kind} middle", no))
    places = people.select(
        given=given,
        middle=pl.when(draws.chance(0.35, f"{kind} has middle", no) & (middle != given)).then(middle),
        first_family=first_family,
        family=pl.when(renamed > 0).then(new_family).otherwise(first_family),
    )
    return people.with_columns(
        givenName=_GIVEN.names.gather(places["given"]),
        middleName=_GIVEN.names.gather(places["middle"]),
        familyName=_FAMILY.names.gather(places["family"]),
        given_plain=_GIVEN_PLAIN.gather(places["given"]),
        family_plain=_FAMILY_PLAIN.gather(places["first_family"]),
    )


_GIVEN_PLAIN = pl.Series([plain(name) for name in _GIVEN.names.to_list()], dtype=pl.String)
_FAMILY_PLAIN = pl.Series([plain(name) for name in _FAMILY.names.to_list()], dtype=pl.String)

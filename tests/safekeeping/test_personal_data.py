"""
What may not stand in a request about a place is found, and what has to stand there is let through.

Two tables of sentences as people write them at five in the afternoon, in both directions; and what holds for any text.
"""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safekeeping import personal_data
from safekeeping.personal_data import IN_A_REFERENCE, Finding, Kind, Known, explain, find

TODAY = date(2026, 11, 26)
KNOWN = Known.of(
    [
        "Easton", "Ashley", "Clifton", "Demo Secondary B", "St George West", "Umoja Path", "Lawrence Hill",
        "Hartcliffe and Withywood", "Trinity Centre", "City Hall", "Southmead", "Knowle", "Cabot Circus", "Barton Hill",
        "Horfield",
    ]
)  # fmt: skip

# The sentence, and everything that has to be found in it.
STOPPED: list[tuple[str, list[tuple[Kind, str]]]] = [
    ("The Mills brothers run it.", [(Kind.NAME, "Mills")]),
    ("It is one of the Zorvath boys.", [(Kind.NAME, "Zorvath")]),
    ("Parents of Grace have complained.", [(Kind.NAME, "Grace")]),
    ("We wrote to Hope's mother.", [(Kind.NAME, "Hope's")]),
    ("Then Christian was hurt.", [(Kind.NAME, "Christian")]),
    ("A pupil Paris is afraid of is back.", [(Kind.NAME, "Paris")]),
    ("Jordan Mills was hurt last week.", [(Kind.NAME, "Jordan Mills")]),
    ("jordan was hurt last week", [(Kind.NAME, "jordan")]),
    ("Fights at the bus stop since half term. Jordan Mills was hurt last week.", [(Kind.NAME, "Jordan Mills")]),
    ("It started when Kwabena Owusu-Ansah came to the gate.", [(Kind.NAME, "Kwabena Owusu-Ansah")]),
    ("Abdirahman and his friends wait by the shop.", [(Kind.NAME, "Abdirahman")]),
    ("We worry about Hodan Warsame.", [(Kind.NAME, "Hodan Warsame")]),
    ("The older boys meet Piotr after school.", [(Kind.NAME, "Piotr")]),
    ("A girl called Kez sells vapes.", [(Kind.NAME, "Kez")]),
    ("They are led by a boy known as Ghostface.", [(Kind.NAME, "Ghostface")]),
    ("Mr Patel has complained about noise.", [(Kind.NAME, "Mr Patel")]),
    ("Mrs O'Brien at the shop sees it daily.", [(Kind.NAME, "Mrs O'Brien")]),
    ("Everyone says Nguyen Van Minh started it.", [(Kind.NAME, "Nguyen Van Minh")]),
    ("Mei Ling Chen was followed home.", [(Kind.NAME, "Mei Ling Chen")]),
    ("Oluwaseun's brother brings older friends.", [(Kind.NAME, "Oluwaseun's")]),
    (
        "Muhammad, Yusuf and Ibrahim are involved.",
        [(Kind.NAME, "Muhammad"), (Kind.NAME, "Yusuf"), (Kind.NAME, "Ibrahim")],
    ),
    ("mohammed was there again", [(Kind.NAME, "mohammed")]),
    ("Staff saw Siobhan with a knife.", [(Kind.NAME, "Siobhan")]),
    ("Staff saw Mark with a knife.", [(Kind.NAME, "Mark")]),
    ("Mark was hurt.", [(Kind.NAME, "Mark")]),
    ("Hope was followed home.", [(Kind.NAME, "Hope")]),
    ("Grace Okafor was followed home.", [(Kind.NAME, "Grace Okafor")]),
    ("Will Smith was there.", [(Kind.NAME, "Will Smith")]),
    ("Ashley was hurt near the shop.", [(Kind.NAME, "Ashley")]),
    ("The victim is Ashley.", [(Kind.NAME, "Ashley")]),
    ("Kai-Lee was there.", [(Kind.NAME, "Kai-Lee")]),
    ("Zdenka Horváth was asked to leave.", [(Kind.NAME, "Zdenka Horváth")]),
    ("José and María were there.", [(Kind.NAME, "José"), (Kind.NAME, "María")]),
    ("They fight with Tyrese from Year 11.", [(Kind.NAME, "Tyrese")]),
    ("DeAndre's cousin waits outside.", [(Kind.NAME, "DeAndre's")]),
    ("Xiomara said that she was scared.", [(Kind.NAME, "Xiomara")]),
    ("Dr Hussain has seen injuries.", [(Kind.NAME, "Dr Hussain")]),
    ("PC Taylor attends on Fridays.", [(Kind.NAME, "Taylor")]),
    ("KM was hurt by older boys.", [(Kind.INITIALS, "KM")]),
    ("Pupil JM was hurt.", [(Kind.INITIALS, "JM")]),
    ("The fight was between K.M. and others.", [(Kind.INITIALS, "K.M.")]),
    ("J. Mills was seen there.", [(Kind.INITIALS, "J. Mills")]),
    ("One pupil J was excluded.", [(Kind.INITIALS, "J")]),
    ("Her dob is 3/9/2012.", [(Kind.BIRTH_DATE, "3/9/2012")]),
    ("He was born on 3 September 2012.", [(Kind.BIRTH_DATE, "born on 3 September 2012")]),
    ("born 2012, he is small", [(Kind.BIRTH_DATE, "born 2012")]),
    ("A pupil (03/09/2012) was excluded.", [(Kind.BIRTH_DATE, "03/09/2012")]),
    ("Date of birth: 3rd of May 2011", [(Kind.BIRTH_DATE, "Date of birth: 3rd of May 2011")]),
    ("It happens outside BS5 6AW.", [(Kind.POSTCODE, "BS5 6AW")]),
    ("It happens outside bs56aw most days.", [(Kind.POSTCODE, "bs56aw")]),
    ("They meet at 14 Stapleton Road.", [(Kind.ADDRESS, "14 Stapleton Road")]),
    ("They meet at 14 stapleton road.", [(Kind.ADDRESS, "14 stapleton road")]),
    ("They use flat 3 for parties.", [(Kind.ADDRESS, "flat 3")]),
    ("Call me on 0117 496 0123.", [(Kind.TELEPHONE, "0117 496 0123")]),
    ("His number is 07700 900123", [(Kind.TELEPHONE, "07700 900123")]),
    ("+44 7700 900 123 is the number", [(Kind.TELEPHONE, "+44 7700 900 123")]),
    ("NHS number 943 476 5919", [(Kind.NHS_NUMBER, "943 476 5919")]),
    ("UPN A123456789012", [(Kind.PUPIL_NUMBER, "A123456789012")]),
    ("Write to head@demo-school.example please.", [(Kind.EMAIL, "head@demo-school.example")]),
    ("They post as @bigman_bs5 every night.", [(Kind.HANDLE, "@bigman_bs5")]),
    ("Snap: kez.xo is selling", [(Kind.HANDLE, "Snap: kez.xo")]),
    ("instagram.com/kez.xo shows it", [(Kind.HANDLE, "instagram.com/kez.xo")]),
    ("The car is AB12 CDE.", [(Kind.PLATE, "AB12 CDE")]),
    ("The ring leader is Ahmed from the estate.", [(Kind.NAME, "Ahmed")]),
    ("The group round Leon is growing.", [(Kind.NAME, "Leon")]),
    ("Every day tyrone waits at the gate.", [(Kind.NAME, "tyrone")]),
    ("Nikolai lives close by.", [(Kind.NAME, "Nikolai")]),
    ("The mother of Aaliyah has complained.", [(Kind.NAME, "Aaliyah")]),
    ("Parents of Ayaan and Bilal have complained.", [(Kind.NAME, "Ayaan"), (Kind.NAME, "Bilal")]),
    ("Simran Kaur Gill is the head.", [(Kind.NAME, "Simran Kaur Gill")]),
    ("Our caretaker, Dave, sees it.", [(Kind.NAME, "Dave")]),
    ("محمد was there", [(Kind.SCRIPT, "محمد")]),
    ("There was a fight with Zbigniew.", [(Kind.NAME, "Zbigniew")]),
    ("Ms Begum opens the gate.", [(Kind.NAME, "Ms Begum")]),
    ("Ioana Popescu's brother was seen.", [(Kind.NAME, "Ioana Popescu's")]),
    ("Thi Thuy was there with Linh.", [(Kind.NAME, "Thi Thuy"), (Kind.NAME, "Linh")]),
    ("They ask for Kofi Mensah by name.", [(Kind.NAME, "Kofi Mensah")]),
    ("Teachers spoke to Ewa Nowak's parents.", [(Kind.NAME, "Ewa Nowak's")]),
    ("Sister Bernadette says the church is used.", [(Kind.NAME, "Bernadette")]),
    ("A boy named Trey was stabbed.", [(Kind.NAME, "Trey")]),
    ("Alfie, 14, was robbed.", [(Kind.NAME, "Alfie")]),
    ("The girls Chantelle and Shanice were filmed.", [(Kind.NAME, "Chantelle"), (Kind.NAME, "Shanice")]),
    ("Selam Tesfaye ran away.", [(Kind.NAME, "Selam Tesfaye")]),
    ("The pupils fear Darnell.", [(Kind.NAME, "Darnell")]),
    (
        "His National Insurance number is AB 12 34 56 C.",
        [(Kind.NAME, "Insurance"), (Kind.INSURANCE_NUMBER, "AB 12 34 56 C")],
    ),
    ("The twins, Luke and Beth, were filmed.", [(Kind.NAME, "Luke"), (Kind.NAME, "Beth")]),
    ("It is Jordan's house.", [(Kind.NAME, "Jordan's")]),
    ("He goes by Tariq A. on the street.", [(Kind.NAME, "Tariq")]),
    ("She turned up with Ruby Brown.", [(Kind.NAME, "Ruby Brown")]),
    ("Someone texted April Jones.", [(Kind.NAME, "April Jones")]),
    ("Ask for Dr Olu at the surgery.", [(Kind.NAME, "Dr Olu")]),
    ("Birthday: 4 May", [(Kind.BIRTH_DATE, "Birthday: 4 May")]),
    ("The account 12345678901 gets the money.", [(Kind.LONG_NUMBER, "12345678901")]),
    ("Flat 12b is used for it.", [(Kind.ADDRESS, "Flat 12b")]),
    ("Niamh's sister was there too.", [(Kind.NAME, "Niamh's")]),
    ("Fatima (14) was followed.", [(Kind.NAME, "Fatima")]),
    ("The man in the car is Andrei.", [(Kind.NAME, "Andrei")]),
    ("Year 9 boys: Callum, Rhys and Zayn.", [(Kind.NAME, "Callum"), (Kind.NAME, "Rhys"), (Kind.NAME, "Zayn")]),
]

LET_THROUGH = [
    "Muslim and Christian pupils pray in the same room.",
    "A pupil of Roman Catholic faith was laughed at.",
    "Some came back from Paris by coach.",
    "The Year 9 boys and the Year 10 girls were apart.",
    "They drove a Mercedes past the gate.",
    "Fights at the bus stop on Friday afternoons since half term.",
    "Staff at the gate have helped.",
    "A Year 9 pupil was hurt last week.",
    "Older boys wait by the shop in Easton after school.",
    "It happens in Ashley and near Lawrence Hill.",
    "The children come from Demo Secondary B and other schools.",
    "They meet in Castle Park on Saturdays.",
    "They meet on Stapleton Road, near the Trinity Centre.",
    "They meet on stapleton road near the bus stop.",
    "Most of it is on Mina Road.",
    "The bus 76 to Hartcliffe and Withywood is where it starts.",
    "Between 3pm and 4pm, Monday to Thursday, in term time.",
    "It was worst in May and June 2026.",
    "Since September there have been 12 incidents.",
    "Since 14 November 2026 the police have patrolled.",
    "A group chat on Snapchat and WhatsApp is used to arrange fights.",
    "Roblox and Fortnite are used to make contact.",
    "They buy vapes near Tesco and McDonald's.",
    "The Head of Year and the DSL know.",
    "Young people from Somali and Jamaican families feel targeted.",
    "Racist language towards Muslim girls on the way home.",
    "Knives have been found twice. Nobody was hurt.",
    "Pupils are afraid to walk through St Andrew's Park.",
    "We have told St Mary Redcliffe.",
    "The Youth Council asked for better lighting.",
    "Will you come to an assembly?",
    "Mark the spot on the map.",
    "Grace periods do not help.",
    "Hope is what they need.",
    "Summer was worse than winter.",
    "Could you train the staff of the shops?",
    "The A38 and the M5 are close by.",
    "It is in BS5, close to the river.",
    "About 20 to 30 children, aged 12 to 15.",
    "2 boys on Church Road were hurt.",
    "Year 9, Demo Secondary B",
    "Year 9",
    "KS3 and KS4 pupils, and some with SEND.",
    "CCTV was moved. ASB has gone up. PCSO patrols help.",
    "Parents, the school and the council have met.",
    "Cannabis is sold in the underpass.",
    "Vaping is common. Bullying has increased.",
    "The tunnel under the railway at Temple Meads.",
    "Outside the Galleries after dark.",
    "Children say they do not feel safe in Cabot Circus.",
    "Drill videos on YouTube name the school.",
    "The school asks for workshops for the whole year group.",
    "Some of it is online, on Discord and TikTok, late at night.",
    "The head of school, with the licensing lead",
    "Licensing lead, City Council",
    "The Imam and the Vicar help.",
    "Christmas, Eid and the summer holidays are worse.",
    "A takeaway parade: three shops and a car park.",
    "Child A and Child B are not to be named here.",
    "Group of 10 to 19, mostly boys of 14.",
    "We tried assemblies, a letter home and more staff on duty.",
    "The shops' owners want to help.",
    "Youth workers came twice a week until July.",
    "WE ARE WORRIED ABOUT THE PARK AFTER DARK.",
    "Fights",
    "£1000 was taken in one robbery.",
    "Ofsted has asked about it.",
    "It is a 5 minute walk from Southmead Hospital.",
    "They film it and share it on Instagram.",
    "The multi-storey car park, level 4",
    "In the park, by the skate ramps, from 4pm until 7pm.",
    "Police reference is with First Response.",
    "Umoja Path has worked here before.",
    "There is a rivalry between two postcodes, BS5 and BS2.",
    "Girls have been followed from the bus stop to the estate.",
    "Workshops, detached youth work and lighting",
    "Adults in cars offer lifts.",
    "The deputy head leads on this.",
    "I think it's about territory.",
    "Boys' group, girls' group",
    "e.g. the lane behind the school",
    "The A4 and the M32 are loud until 4pm.",
    "Bus 76 at 8:15 and 15:20",
    "About 150 pupils, 30 staff and 6 classes",
    "The boys' changing room and the girls' toilets",
    "A PE lesson, an RE lesson and an ICT room",
    "Gypsy, Roma and Traveller children are blamed first.",
    "Mentors from Umoja Path have offered an assembly.",
    "From St George West to Lawrence Hill on foot",
    "Whole-school training on 8 January 2027",
    "They come from South Wales by train.",
    "Between the McDonald's and the Co-op",
    "Our Year 11s can help Year 7s settle in.",
    "Lights on the path between Stapleton Road and the river",
    "The park's gates stay open after dark",
    "Lime and Voi scooters are left across the pavement",
    "Pupils were asked for money: £5 to £20 each time.",
]


def told(text: str) -> list[tuple[Kind, str]]:
    return [(one.kind, one.text) for one in find(text, known=KNOWN, on=TODAY)]


@pytest.mark.parametrize(("sentence", "expected"), STOPPED, ids=[one[0] for one in STOPPED])
def test_what_says_who_somebody_is_is_found(sentence, expected):
    assert told(sentence) == expected


@pytest.mark.parametrize("sentence", LET_THROUGH)
def test_what_says_it_of_nobody_is_let_through(sentence):
    assert told(sentence) == []


def test_the_tables_are_long_enough_to_mean_something():
    assert len(STOPPED) >= 80
    assert len(LET_THROUGH) >= 80


def test_a_ward_and_a_girl_of_the_same_name_are_told_apart_by_the_sentence():
    assert told("Most of it happens in Ashley.") == []
    assert told("Ashley ward has seen more of it.") == []
    assert told("It began when Ashley came.") == [(Kind.NAME, "Ashley")]
    assert told("Ashley was hurt.") == [(Kind.NAME, "Ashley")]
    assert told("Staff rang Ashley's mother.") == [(Kind.NAME, "Ashley's")]


def test_what_an_app_contributes_is_a_place_from_then_on(monkeypatch):
    monkeypatch.setattr(personal_data, "_sources", [])
    assert [one.text for one in find("Trouble came from Zorvale and spread.", on=TODAY)] == ["Zorvale"]
    personal_data.contribute(lambda: ["Zorvale"])
    assert find("Trouble came from Zorvale and spread.", on=TODAY) == ()


def test_a_date_of_an_event_is_no_date_of_birth():
    assert told("Since 3 September 2026 it has been worse.") == []
    assert told("It is his birthday on 3 September.")[0][0] == Kind.BIRTH_DATE
    assert told("A boy (3 September 2013) was hurt.") == [(Kind.BIRTH_DATE, "3 September 2013")]


@pytest.mark.parametrize("reference", ["FR 123", "FR-2611-0042", "0000123456789", "CAS-88/2026", "AB/KM/12"])
def test_a_reference_may_have_any_shape(reference):
    assert find(reference, known=KNOWN, on=TODAY, kinds=IN_A_REFERENCE) == ()


def test_a_reference_is_no_place_for_a_name():
    assert find("Duty worker, Jordan Mills", known=KNOWN, on=TODAY, kinds=IN_A_REFERENCE)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_explained_and_offers_other_words(kind):
    told = explain(Finding(0, 3, kind, "<b>"))
    assert told.said.endswith(": “<b>”")
    assert told.instead


@given(st.text(max_size=400))
@settings(max_examples=300)
def test_any_text_can_be_looked_at(text):
    found = find(text, known=KNOWN, on=TODAY)
    for one in found:
        assert text[one.start : one.end].strip() == one.text.strip()
    assert list(found) == sorted(found)


@given(st.sampled_from(["Jordan Mills", "Hodan Warsame", "Piotr Nowak", "0117 496 0123", "BS5 6AW", "kez@demo.example"]),
       st.sampled_from([one for one in LET_THROUGH if one.endswith(".")]), st.sampled_from([" ", "\n", "\n\n"]))  # fmt: skip
def test_what_stands_before_hides_nothing(secret, before, gap):
    assert secret in [one.text for one in find(f"{before}{gap}It was {secret} again.", known=KNOWN, on=TODAY)]


@given(st.lists(st.sampled_from(LET_THROUGH), max_size=8))
def test_sentences_that_are_let_through_are_let_through_together(sentences):
    assert told("\n".join(sentences)) == []


@pytest.mark.parametrize(
    "part",
    ["Jordan Mills ", "a", "A ", "1 ", "1", "@", "a@b.", "Mr ", "14 Church ", "St ", "A.", "born 3 ", "x-", "'", "é"],
)
def test_ten_kilobytes_take_no_more_than_a_moment_and_twice_as_much_about_twice_as_long(part):
    """Proportion, not seconds: with a square the second would take four times the first."""

    def steps(size: int) -> float:
        best = 9.0
        for _ in range(3):
            begun = time.process_time()
            find((part * size)[:size], known=KNOWN, on=TODAY)
            best = min(best, time.process_time() - begun)
        return best

    find(part * 100, known=KNOWN, on=TODAY)
    assert steps(20_000) < 12 * max(steps(5_000), 0.01)

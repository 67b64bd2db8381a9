"""Part E: what students get wrong when they draw lines, games and strings."""

from itertools import pairwise

import numpy as np

from autograder.diagnosis.declare import behaviour

CHARACTER = 10
LINES = [[1, 2, 3], [4, 5]]
CELLS = 6


def lines(student, n=60, steps=60, seed=1, reverse=False):
    return np.asarray(student.counting_sequences(n, steps, seed, reverse=reverse))


def games(student, n=60, steps=40, seed=1, ends=LINES, cells=CELLS):
    return np.asarray(student.grid_sequences(n, steps, seed, ends, cells))


def strings(student, n=60, steps=50, seed=1, longest=3):
    return np.asarray(student.grammar_sequences(n, steps, seed, longest))


DRAWN = {
    "counting_sequences": ("counting", lines),
    "grid_sequences": ("games", games),
    "grammar_sequences": ("strings", strings),
}


def between_ends(tokens):
    """The whole lines, games or strings of every sequence, without the 0 at their end."""
    found = []
    for row in tokens.tolist():
        ends = [place for place, token in enumerate(row) if token == 0]
        found.append([tuple(row[start + 1 : end]) for start, end in pairwise(ends)])
    return found


def runs_within(row):
    """How many tokens 0 stand together, wherever other tokens stand before and after them."""
    found, run, begun = [], 0, False
    for token in row:
        if token == 0:
            run += 1
            continue
        found += [run] if run and begun else []
        run, begun = 0, True
    return found


def all_of(tokens):
    """Those of all sequences together."""
    return [whole for sequence in between_ends(tokens) for whole in sequence]


def of_any(function):
    """What may go wrong with any of the three that draw."""
    stem, draw = DRAWN[function]
    seeds = {
        "hint": "The same seed draws the same sequences, another seed other ones.",
        "hint_2": "draw with the seeds 1, 1 and 2, and compare.",
    }
    about = {
        "of-chance": "Every call draws something else, whatever the seed.",
        "seeded-alike": "The seed is ignored: every seed draws the same sequences.",
    }
    chance = {"games": "games-of-chance", "strings": "strings-of-chance"}.get(stem)
    alike = {"counting": "counting-seeded-alike"}.get(stem)

    def otherwise_each_time(student):
        return not np.array_equal(draw(student), draw(student))

    def alike_for_all_seeds(student):
        return np.array_equal(draw(student), draw(student, seed=2))

    def no_start(student):
        return bool(np.any(draw(student)[:, 0] != 0))

    def other_form(student):
        tokens = draw(student, 5, 12)
        return tokens.shape != (5, 12) or tokens.dtype.kind not in "iu"

    def repeats_itself(student):
        found = [sequence for sequence in between_ends(draw(student)) if len(sequence) > 1]
        return len(found) > 10 and all(len(set(sequence)) == 1 for sequence in found)

    def filled_with_ends(student):
        rows = draw(student).tolist()
        return any((0, 0) in set(pairwise(row)) for row in rows)

    def both_ends(student):
        """Within a sequence the token 0 comes in pairs, and never alone."""
        runs = [run for row in draw(student).tolist() for run in runs_within(row)]
        return len(runs) > 10 and set(runs) == {2}

    def no_ends(student):
        return not np.any(draw(student)[:, 1:] == 0)

    return [
        behaviour(
            f"{stem}-drawn-by-chance",
            function,
            title=about["of-chance"],
            **seeds,
            case=chance and f"wrong/{chance}",
        )(otherwise_each_time),
        behaviour(
            f"{stem}-drawn-alike",
            function,
            title=about["seeded-alike"],
            **seeds,
            case=alike and f"wrong/{alike}",
        )(alike_for_all_seeds),
        behaviour(
            f"{stem}-of-other-form",
            function,
            title="The array has another shape than (n, steps), or holds no whole numbers.",
            hint="Every sequence is cut off after `steps` tokens; tokens are whole numbers.",
            hint_2="draw 5 sequences of 12 tokens: print shape and dtype.",
        )(other_form),
        behaviour(
            f"{stem}-without-a-start",
            function,
            title="A sequence does not start with the token 0.",
            hint="A sequence starts with the 0 that ends what was before it.",
            hint_2="look at the first column.",
        )(no_start),
        behaviour(
            f"{stem}-between-two-ends",
            function,
            title="Every piece brings a 0 at its start and another at its end.",
            hint="One 0 ends a piece, and the next begins right after it.",
            hint_2="draw one sequence: how many tokens 0 stand between two pieces?",
        )(both_ends),
        behaviour(
            f"{stem}-without-ends",
            function,
            title="No 0 ends a piece: there is none after the start.",
            hint="Every line, game or string ends with the token 0.",
            hint_2="draw one sequence: which token stands between two pieces?",
        )(no_ends),
        behaviour(
            f"{stem}-filled-up",
            function,
            title="Sequences hold the token 0 twice in a row.",
            hint="The last piece of a sequence may be cut off anywhere; nothing is filled up.",
            hint_2="draw one sequence of 5 tokens: what stands at its end?",
            case="wrong/counting-padded-with-ends" if stem == "counting" else None,
        )(filled_with_ends),
        behaviour(
            f"{stem}-repeated",
            function,
            title="A sequence repeats its first piece.",
            hint="Each line, game or string is drawn for itself.",
            hint_2="is the draw inside the loop that appends?",
            case={
                "counting": "wrong/counting-one-digit-a-sequence",
                "games": "wrong/games-all-alike-in-a-sequence",
            }.get(stem),
        )(repeats_itself),
    ]


ALL_THREE = [each for function in DRAWN for each in of_any(function)]


COUNT = {
    "hint": "As many characters as the digit says, neither one more nor one less.",
    "hint_2": "draw one sequence and count the tokens 10 beside each digit.",
}


@behaviour(
    "counting-in-one-direction",
    "counting_sequences",
    title="`reverse` changes nothing: the digit always comes first.",
    hint="In reverse the characters come before their digit.",
    hint_2="draw with reverse=True: what stands after the first 0?",
    case="wrong/counting-in-one-direction",
)
def digit_always_first(student):
    return all(line[0] < CHARACTER for line in all_of(lines(student, reverse=True)))


def surplus(student):
    """Characters in a line beyond what its digit says."""
    return {
        sum(token == CHARACTER for token in line) - token
        for line in all_of(lines(student))
        for token in line
        if token < CHARACTER
    }


@behaviour(
    "counting-one-character-short",
    "counting_sequences",
    title="Every line has one character fewer than its digit says.",
    **COUNT,
    case="wrong/counting-one-character-short",
)
def one_short(student):
    return surplus(student) == {-1}


@behaviour(
    "counting-one-character-too-many",
    "counting_sequences",
    title="Every line has one character more than its digit says.",
    **COUNT,
)
def one_too_many(student):
    return surplus(student) == {1}


@behaviour(
    "counting-sequence-turned-round",
    "counting_sequences",
    title="In reverse the whole sequence is turned round: it ends with the 0 that starts it.",
    hint="Each line is turned round for itself; the sequence still starts with a 0.",
    hint_2="draw with reverse=True: which token stands first, and which one last?",
    case="wrong/counting-sequence-turned-round",
)
def turned_as_a_whole(student):
    tokens = lines(student, reverse=True)
    return bool(np.all(tokens[:, -1] == 0) and np.any(tokens[:, 0] != 0))


@behaviour(
    "counting-from-zero",
    "counting_sequences",
    title="The digit 0 is drawn as well: some lines are empty.",
    hint="Digits run from 1 to 9, both included, each as likely as the others.",
    hint_2="draw many lines: does a 0 stand right after a 0?",
)
def empty_lines(student):
    runs = [run for row in lines(student).tolist() for run in runs_within(row)]
    return 1 in runs and 2 in runs and surplus(student) <= {0}


@behaviour(
    "counting-characters-of-their-own",
    "counting_sequences",
    title="How many characters a line has does not follow from its digit.",
    **COUNT,
)
def characters_of_their_own(student):
    return len(surplus(student)) > 4


@behaviour(
    "counting-wrongly",
    "counting_sequences",
    title="Digits and characters do not fit.",
    **COUNT,
)
def does_not_count(student):
    return surplus(student) != {0}


DIGITS = {
    "hint": "Digits run from 1 to 9, both included, each as likely as the others.",
    "hint_2": "draw many lines and count each digit; does your random function leave one out?",
}


def digits(student, **how):
    """The digits of many lines; the last one of a sequence is left out, as it favours short."""
    found = between_ends(lines(student, 2000, 25, **how))
    return np.array([min(sequence[0]) for sequence in found if sequence])


@behaviour(
    "counting-never-to-nine",
    "counting_sequences",
    title="The greatest digit is never drawn: the upper end is left out.",
    **DIGITS,
    case="wrong/counting-never-to-nine",
)
def never_nine(student):
    return set(digits(student).tolist()) == set(range(1, 9))


@behaviour(
    "counting-beyond-nine",
    "counting_sequences",
    title="Digits are drawn that are no digits from 1 to 9.",
    **DIGITS,
)
def other_digits(student):
    tokens = lines(student)
    return bool(np.any((tokens < 0) | (tokens > CHARACTER)))


@behaviour(
    "counting-digits-uneven",
    "counting_sequences",
    title="Some digits are drawn more often than others.",
    **DIGITS,
)
def uneven_digits(student):
    counts = np.bincount(digits(student), minlength=10)[1:10]
    return counts.max() > 1.7 * counts.min()


FORM = {
    "hint": "n letters a, then b and a, then n letters b, then the end.",
    "hint_2": "draw with longest=2: only ba, abab and aababb may come.",
}
LENGTHS = {
    "hint": "Every n from 0 to longest is as likely as the others, both ends included.",
    "hint_2": "draw many strings with longest=3 and count each n.",
}


def written(student, **how):
    return ["".join(" ab"[token] for token in string) for string in all_of(strings(student, **how))]


def halves(string):
    """The letters a at the start and the letters b at the end."""
    return len(string) - len(string.lstrip("a")), len(string) - len(string.rstrip("b"))


@behaviour(
    "strings-without-a-middle",
    "grammar_sequences",
    title="The ba of the middle is missing: strings are of the kind aabb.",
    **FORM,
    case="wrong/strings-without-a-middle",
)
def no_middle(student):
    return not any("ba" in string for string in written(student))


@behaviour(
    "strings-with-the-middle-turned",
    "grammar_sequences",
    title="The middle is ab, where ba is due.",
    **FORM,
)
def middle_turned(student):
    """a^n ab b^n is a string of letters a and then as many b, and never empty."""
    found = set(written(student))
    return "ab" in found and all(a == b > 0 for a, b in map(halves, found))


@behaviour(
    "strings-one-b-short",
    "grammar_sequences",
    title="The second half counts one b too few or too many.",
    **FORM,
)
def off_by_one(student):
    pairs = {halves(string) for string in written(student) if string.startswith("a")}
    return bool(pairs) and len({b - a for a, b in pairs}) == 1 and all(a != b for a, b in pairs)


@behaviour(
    "strings-that-forget-n",
    "grammar_sequences",
    title="The second half has a length of its own.",
    hint="n is drawn once a string: both halves are of that length.",
    hint_2="count the letters at both ends of your strings.",
    case="wrong/strings-that-forget-n",
)
def halves_differ(student):
    return any(a != b for a, b in map(halves, written(student)) if a)


@behaviour(
    "strings-of-another-form",
    "grammar_sequences",
    title="Strings are drawn that are not of the form a^n ba b^n.",
    **FORM,
)
def of_another_form(student):
    right = {"a" * n + "ba" + "b" * n for n in range(20)}
    return not set(written(student)) <= right


@behaviour(
    "strings-as-long-as-longest",
    "grammar_sequences",
    title="`longest` is taken for the length of a string, not for the greatest n.",
    **LENGTHS,
)
def longest_as_length(student):
    return max(map(len, written(student, longest=8))) in (7, 8)


def counted(student):
    """How often each n comes, of the first strings of many sequences, up to longest 3."""
    found = between_ends(strings(student, 1500, 12))
    return np.bincount([(len(sequence[0]) - 2) // 2 for sequence in found if sequence], minlength=4)


@behaviour(
    "strings-never-the-longest",
    "grammar_sequences",
    title="The greatest n is never drawn: the upper end is left out.",
    **LENGTHS,
    case="wrong/strings-never-the-longest",
)
def never_the_longest(student):
    counts = counted(student)
    return counts[3] == 0 and bool(counts[:3].all())


@behaviour(
    "strings-never-empty",
    "grammar_sequences",
    title="n = 0 is never drawn: the string ba does not come.",
    **LENGTHS,
)
def never_n_of_zero(student):
    return counted(student)[0] == 0


@behaviour(
    "strings-too-long",
    "grammar_sequences",
    title="A string may be longer than `longest` allows.",
    **LENGTHS,
)
def too_long(student):
    return len(counted(student)) > 4


@behaviour(
    "strings-mostly-short",
    "grammar_sequences",
    title="n falls off: each S is rewritten by the toss of a coin, so short strings come more.",
    hint="S is not rewritten by the toss of a coin: n is drawn first, evenly.",
    hint_2="draw many strings with longest=3 and count each n.",
    case="wrong/strings-mostly-short",
)
def by_the_coin(student):
    counts = counted(student)
    return len(counts) == 4 and counts[0] > 1.5 * counts[1] and counts[1] > 1.5 * counts[2]


@behaviour(
    "strings-of-uneven-n",
    "grammar_sequences",
    title="Some n are drawn more often than others.",
    **LENGTHS,
)
def uneven(student):
    counts = counted(student)
    return counts.max() > 1.7 * counts.min()

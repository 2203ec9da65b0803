"""What holds for every chapter: it can be linked to, its figures and widgets say something, it gives nothing away."""

import ast
import re
from typing import NamedTuple

import pytest
from chapters import ROOT, Chapter
from shown_code import shapes

import lm.widgets


class Facts(NamedTuple):
    """What differs from chapter to chapter."""

    targets: str  # what others may link to
    figures: int  # at least so many
    functions: int  # at least so many stand in the cells, so that a comparison with the reference means something
    widgets: dict[str, str]  # how the text that follows each of them begins
    paragraphs: str = ""  # the targets that stand before a paragraph; the others stand before a heading


FACTS = {
    "week1-derivatives": Facts(
        """which-way-is-down secant-to-tangent rules-of-differentiation difference-quotients gradient-and-jacobian
        gradient-checking activation-functions from-perceptron-to-logistic-regression maximum-likelihood softmax
        log-softmax cross-entropy gradient-descent pytorch-agrees""",
        figures=10,
        functions=6,
        widgets={"Secant": "In the first", "StepSize": "On the parabola", "Temperature": "Towards 0"},
    ),
    "week2-backprop": Facts(
        """two-moons-problem computational-graph local-times-upstream gradients-add-up step-through-a-graph
        topological-order an-engine value functions-of-a-value backward-pass learning small-mlp forward-mode
        cheap-gradient from-scalars-to-arrays matrix-calculus linear-layer activations-backward the-cache shapes
        embedding softmax-cross-entropy-backward softmax-cross-entropy two-layer-example worked-example
        vanishing-gradients singular-values saturation residual-connections two-moons""",
        figures=12,
        functions=10,
        widgets={"Graph": "At $a$"},
    ),
    "week3-trigram": Facts(
        """inventing-names what-a-language-model-is chain-rule-of-probability markov-assumption vocabulary splitting
        train-dev-test counting counting-bigrams sampling nll-and-perplexity loss-and-perplexity counting-is-best
        smoothing tuning choosing-on-dev a-leak sparsity interpolation one-hot counting-as-a-network
        softmax-regression training-by-gradient-descent penalty table-of-losses generative-and-discriminative
        hidden-markov-models""",
        figures=8,
        functions=3,
        widgets={"Bigrams": "The most frequent pair", "NgramChoice": "In the first"},
    ),
    "week4-mlp": Facts(
        """n-grams-meet-zeros windows embeddings forgotten-flatten mlp-forward initialisation minibatches
        finding-a-learning-rate evaluation decay longer-windows similarity bag-of-words diagnostics update-ratio
        batchnorm running-statistics folding layernorm mlp-backward batchnorm-backward hyperparameters sgd-knobs
        dropping-units grid-or-random a-better-one checkpoint mlp-sampling temperature decoding-temperature top-k
        top-p continuing-the-table""",
        figures=12,
        functions=8,
        widgets={"InitialGain": "In the first", "EmbeddingMap": "In the first", "Sampling": "In the first"},
        paragraphs="dropping-units temperature decoding-temperature top-k top-p",
    ),
    "week5-transformers": Facts(
        """what-to-look-at why-attention soft-lookup queries-keys-values attention why-the-scale causal-mask
        without-the-mask heads vectorised-attention agreement positions residual-stream layer-norm
        norm-before-or-after gelu feed-forward dropout block gpt windows-of-tokens training-a-gpt estimating-loss
        watching-it-learn names-again looking-inside counting-parameters quadratic fine-tuning your-own-text
        lazyformer encoder-decoder assistants pretrained-models a-larger-run""",
        figures=15,
        functions=5,
        widgets={"Mask": "The last row", "AttentionExplorer": "The rows above", "NextToken": "In the middle"},
    ),
    "week6-bpe": Facts(
        """how-many-pieces words unknown-words words-and-languages characters code-points-and-bytes
        byte-pair-encoding counting-pairs merging ties pretokenisation training encoding decoding special-tokens
        streaming saving fast-training tokenizers-agree compression many-scripts relatives bits-per-byte
        the-same-sentence""",
        figures=8,
        functions=6,
        widgets={"Merges": "In the first,"},
    ),
}


@pytest.fixture(scope="module", params=FACTS)
def chapter(request) -> Chapter:
    return Chapter(request.param)


@pytest.fixture
def facts(chapter) -> Facts:
    return FACTS[chapter.week]


def test_every_chapter_is_looked_at():
    assert sorted(FACTS) == sorted(path.stem for path in (ROOT / "book").glob("week*.md"))


def test_every_topic_can_be_linked_to(chapter, facts):
    for target in facts.targets.split():
        below = "" if target in facts.paragraphs.split() else "#"
        assert re.search(rf"\n\({target}\)=\n(\([a-z0-9-]+\)=\n)*{below}", chapter.text), target
        assert chapter.text.count(f"\n({target})=\n") == 1, target
        pages = [page for page in (ROOT / "book").glob("*.md") if f"\n({target})=\n" in page.read_text("utf-8")]
        assert pages == [chapter.path], target


def test_every_section_that_the_lesson_names_is_on_the_page(chapter):
    sections = set(re.findall(r"^:section: (.+)$", chapter.lesson, re.MULTILINE))
    assert sections
    assert {name for name in sections if f"\n({name})=\n" not in chapter.text} == set()


def test_every_figure_says_what_is_seen_and_what_to_notice(chapter, facts):
    assert len(chapter.figures) >= facts.figures
    for figure in chapter.figures:
        name = re.search(r"name: (fig-[a-z0-9-]+)\n", figure)[1]
        assert len(re.search(r"alt: (.+)", figure)[1]) > 60, name
        assert "caption: |" in figure, name


def test_every_widget_has_something_to_try_before_it_and_something_seen_after_it(chapter, facts):
    shown = re.findall(rf"^({'|'.join(lm.widgets.__all__)})\(", chapter.text, re.MULTILINE)
    assert sorted(shown) == sorted(facts.widgets)
    assert chapter.text.count("### Play") == len(shown)
    for widget, first_words in facts.widgets.items():
        before, after = re.split(rf"\n{widget}\([^`]*?\)\n```\n", chapter.text)
        assert len(re.findall(r"^\d\. ", before.rpartition("### Play")[2], re.MULTILINE)) >= 2, widget
        assert after.startswith(f"\n{first_words}"), widget
        assert len(after.strip().split("\n\n")[0]) > 60, widget


def test_every_cell_is_python(chapter):
    assert len(chapter.cells) > 30
    for cell in chapter.cells:
        ast.parse(cell.code)


def test_code_that_is_shown_fits_the_page(chapter):
    shown = chapter.shown()
    assert len(shown) > 20
    for cell in shown:
        assert max(map(len, (cell.options + cell.code).splitlines())) <= 80, cell.code


def test_no_function_of_the_reference_stands_in_the_chapter(chapter, facts):
    taken, shown = shapes(chapter.reference), chapter.functions()
    assert taken
    assert len(shown) >= facts.functions
    assert [(shown[shape], taken[shape]) for shape in shown.keys() & taken.keys()] == []


def test_no_function_of_the_reference_stands_in_what_chapters_import(chapter):
    taken = shapes(chapter.reference)
    for module in (ROOT / "lm").rglob("*.py"):
        ours = shapes(module.read_text(encoding="utf-8"))
        assert [(ours[shape], taken[shape]) for shape in ours.keys() & taken.keys()] == [], module.name


def test_every_source_that_is_cited_is_in_the_bibliography(chapter):
    cited = {key for keys in re.findall(r"\{cite:[pt]\}`([^`]+)`", chapter.text) for key in keys.split(",")}
    known = set(re.findall(r"@\w+\{([^,]+),", (ROOT / "book" / "references.bib").read_text(encoding="utf-8")))
    assert len(cited) >= 10
    assert cited <= known


def test_every_question_of_the_quiz_has_one_right_answer_and_not_always_the_same(chapter):
    assert {chapter.answer_of(question) for question in range(1, 9)} == {"A", "B", "C"}


def test_the_quiz_of_the_page_is_not_that_of_the_notebook(chapter):
    sentences = {s.strip() for s in re.split(r"[.?!:\n]\s", chapter.quiz) if len(s.strip()) > 40}
    assert len(sentences) > 20
    assert [s for s in sentences if s in chapter.lesson] == []

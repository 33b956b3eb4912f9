"""Cases of the comparison, as evaluate's Space template keeps them: ``result`` is part of what ``compute`` gives."""

REFERENCE = (
    '{"document":"tirads","category":"TR4",'
    '"lesions":[{"composition":"solid","echogenicity":"hypoechoic","size_mm":16}]}'
)
RIGHT = REFERENCE.replace('"document":"tirads",', "")
SHORT = '{"category": "TI-RADS 4", "lesions": [{"composition": "solid", "size_mm": "1.6 cm"}]}'
WRONG = RIGHT.replace("TR4", "TR5")

test_cases = [
    {
        "predictions": {"one": [RIGHT] * 12, "other": [RIGHT] * 12},
        "references": [REFERENCE] * 12,
        "result": {
            "multirads_f1_difference": 0.0, "multirads_f1_p_value": 1.0, "mcnemar_p_value": 1.0, "n": 12, "n_models": 2,
            "n_groups": 1, "groups": [["one", "other"]],
        },
    },
    {
        "predictions1": [SHORT] * 12,
        "predictions2": [RIGHT] * 12,
        "references": [REFERENCE] * 12,
        "result": {
            "multirads_f1_difference": 0.8 - 1.0, "multirads_recall_difference": 2 / 3 - 1.0,
            "category_accuracy_difference": 0.0, "category_accuracy_p_value": 1.0, "n_groups": 2,
            "groups": [["predictions2"], ["predictions1"]],
        },
    },
    {
        "predictions": [{"careful": RIGHT, "hasty": WRONG}] * 10 + [{"careful": WRONG, "hasty": RIGHT}],
        "references": [REFERENCE] * 11,
        "result": {
            "category_accuracy_difference": 9 / 11, "mcnemar_p_value": 12 / 1024, "multirads_f1_difference": 0.0,
            "rank_by": "multirads_f1", "groups": [["careful", "hasty"]],
        },
    },
    {
        "predictions": {"c": [""] * 12, "b": [SHORT] * 12, "a": [RIGHT] * 6 + [SHORT] * 6},
        "references": [REFERENCE] * 12,
        "result": {"n_models": 3, "n_groups": 3, "groups": [["a"], ["b"], ["c"]]},
    },
    {
        "predictions": {"words": ["This is TI-RADS 4."] * 12, "silent": ["I cannot tell."] * 12},
        "references": [REFERENCE] * 12,
        "task": "category",
        "result": {"category_accuracy_difference": 1.0, "rank_by": "category_accuracy", "n_groups": 2},
    },
]  # fmt: skip

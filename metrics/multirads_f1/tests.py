"""Cases of the metric, as evaluate's Space template keeps them: each ``result`` is part of what ``compute`` gives."""

REFERENCE = (
    '{"document":"tirads","category":"TR4",'
    '"lesions":[{"composition":"solid","echogenicity":"hypoechoic","size_mm":16}]}'
)

test_cases = [
    {
        "predictions": [REFERENCE],
        "references": [REFERENCE],
        "result": {"multirads_f1": 1.0, "category_accuracy": 1.0, "validity": 1.0, "exact_findings": 1.0},
    },
    {
        "predictions": [""],
        "references": [REFERENCE],
        "result": {"multirads_f1": 0.0, "category_accuracy": 0.0, "validity": 0.0, "exact_findings": 0.0},
    },
    {
        "predictions": ['{"category": "TI-RADS 4", "lesions": [{"composition": "solid", "size_mm": "1.6 cm"}]}'],
        "references": [REFERENCE],
        "result": {
            "multirads_precision": 1.0,
            "multirads_recall": 2 / 3,
            "multirads_f1": 0.8,
            "category_accuracy": 1.0,
        },
    },
    {
        "predictions": ['{"category": "TR5", "lesions": [{"composition": "solid", "colour": "grey", "size_mm": 30}]}'],
        "references": [REFERENCE],
        "result": {"multirads_f1": 1 / 3, "category_accuracy": 0.0, "over_call_rate": 1.0, "under_call_rate": 0.0},
    },
    {
        "predictions": ['{"category": "4'],
        "references": [REFERENCE],
        "result": {"multirads_f1": 0.0, "category_accuracy": 0.0, "validity": 0.0},
    },
]

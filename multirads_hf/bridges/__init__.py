"""Bridges: the same reports, prompts and scores under two neighbouring harnesses, both optional.

``inspect_ai`` holds the tasks that ``inspect eval multirads_hf/tirads`` finds, ``lm_eval`` writes a
folder of tasks for lm-evaluation-harness. What a harness keeps of an answer are its sufficient
counts, so that its numbers are those of `multirads_hf.score` over the same answers.
"""

"""Jinja templates in two stages: a template prints the form of a statement, without its values;
then `rendering/fill.py` puts the values in, as Python literals.

    the template            bash_command={{ params.bash_command }},
    what it prints          bash_command=<slot 2>,             a line of a skeleton
    what fill makes of it   bash_command="echo {{ ds }}",      a line of the file

So a value never passes through Jinja: no text of a row can become code, whatever a template does.

And a skeleton serves again. A template asks which parameters are given, hardly ever what they are.
So it is rendered with placeholders for the values (partial evaluation), once for each combination
of given parameters; all tasks with the same combination share the skeleton, and that it is Python
is checked once. A template that does need a value says so by using its placeholder, and is rendered
with the values instead: slower, and with the same result.

What that saves was measured with 10,000 DAGs of 8 tasks (bench/workload.py), in turns in one
process: they take 10 s of CPU time instead of 41 s, or instead of 17 s if nothing checked what the
templates print; f-strings take 6 s. In a Lambda function of 1769 MB, at 0.0000166667 $ a GB-second,
that is a tenth of a cent less: the gain is time, not money.

From the bottom up:

    placeholders    what a template sees in the place of a value
    filters         the filters and tests that templates have beside Jinja's own
    skeleton        what a template printed, read line by line
    environment     the Jinja environment in which every `{{ … }}` prints a slot
    template        a template, and the skeletons that it has printed so far
"""

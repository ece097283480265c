"""The judge of this package's speed: `python -m benchmarks`.

Each job is done by this package, by `openai`, and by the floor: httpx and `pydantic_core.from_json`
in code written by hand. Where they have the job, `google-genai`, `litellm` and plain JSON stand
beside them. `jobs` lists the jobs and their goals.

- `__main__`, `rounds`, `instructions`, `report` and `plot` run in the interpreter that was started.
  They need no package.
- `environments` makes the virtual environments. What is measured is a copy of the package there,
  with bytecode compiled.
- `server` runs in a process of its own. It sends what `scenarios` makes of the recorded bodies.
- `worker`, `acts` and `ways` run in the measured process; `programs` are measured from their start
  to their end.

`load` is no benchmark: it tries whether the client stays right under load.
"""

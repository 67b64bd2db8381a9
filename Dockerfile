# The grader in a container, for machines that are not Linux. docs/container.md says how to use it.
# Build where `pip install torch==2.13.0` finds the CPU build, or name an index that has it:
#   docker build --build-arg PIP_EXTRA_INDEX_URL=... -t autograder .
FROM python:3.11-slim
ARG PIP_EXTRA_INDEX_URL
RUN apt-get update \
 && apt-get install -y --no-install-recommends libseccomp2 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/autograder
COPY pyproject.toml README.md LICENSE ./
COPY autograder autograder
RUN pip install --no-cache-dir .
WORKDIR /course
ENTRYPOINT ["autograde"]

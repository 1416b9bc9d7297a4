"""Scores and labels for more pictures than one machine can take, by Apache Spark.

Spark cuts a manifest into tasks, and every task gives its pictures, in Arrow record batches, to the same code that the
command line runs: a row has the same bits whichever machine it comes from. A picture that cannot be read is a row with
its reason and no failure of the job; a task whose worker dies is run again, and its rows are written once.

>>> from pyspark.sql import SparkSession                                    # doctest: +SKIP
>>> import textura.spark                                                    # doctest: +SKIP
>>> spark = SparkSession.builder.master("local[2,4]").getOrCreate()         # doctest: +SKIP
>>> textura.spark.score(spark, "manifest.csv", "default", "scores.parquet") # doctest: +SKIP
"""

import json
import os
from functools import lru_cache

from . import _textura
from ._arrow import answered_batch, level_of, limit_of, model_of
from ._descriptors import descriptor_of

_TAKEN = ("path", "bytes", "mask", "label")
_ENDINGS = ("png", "jpg", "jpeg", "bmp", "tif", "tiff", "webp", "gif", "pgm", "ppm", "pnm")
_ROWS_PER_BATCH = "spark.sql.execution.arrow.maxRecordsPerBatch"


def score(spark, manifest, descriptor="default", output=None, *, partition_size=2000, batch_size=128, mode="error"):
    """The texture features of every picture of a manifest, as a Parquet table.

    Parameters
    ----------
    spark : pyspark.sql.SparkSession
    manifest : str, os.PathLike or pyspark.sql.DataFrame
        A table with the column `path`, and perhaps `mask` and `label`: a `.csv`, `.jsonl` or `.parquet` file, or a
        DataFrame. The workers must see the files under these paths. Relative paths of a file start at the current
        folder, or, where the first of them is not there, at the manifest's, and become absolute. A DataFrame may
        hold the contents of the pictures in a column `bytes` instead: see :func:`pictures`.
    descriptor : str, os.PathLike or dict, default "default"
        As of :func:`textura.features`. A file is read here, not by the workers.
    output : str or os.PathLike
        The folder for the table, which ``textura train`` reads: best with a name that ends in ``.parquet``.
    partition_size : int, default 2000
        Pictures a task, where the manifest has paths. What a dying worker loses is at most so much work; a task
        should take from a few seconds to a few minutes.
    batch_size : int, default 128
        Pictures in a record batch: with `bytes`, so many are in a worker's memory at once.
    mode : {"error", "overwrite", "append", "ignore"}, default "error"
        What to do where `output` is there already.

    Returns
    -------
    pyspark.sql.DataFrame
        The table as it was written, with the columns of :func:`textura.extract_batch`: a row for each row of the
        manifest.

    Raises
    ------
    ValueError
        For a manifest without `path` and `bytes`, or a descriptor that cannot be used.
    """
    descriptor = _sendable(descriptor)
    jobs = _threads_of_a_task(spark)

    def work(batch):
        return _textura.extract_batch(batch, descriptor_of(descriptor), jobs)

    return _run(spark, manifest, work, output, partition_size, batch_size, mode)


def classify(
    spark,
    manifest,
    model,
    output=None,
    *,
    reject_at=0.01,
    interval=None,
    partition_size=2000,
    batch_size=128,
    mode="error",
):
    """What a model says of every picture of a manifest, as a Parquet table.

    Parameters
    ----------
    spark, manifest, output, partition_size, batch_size, mode
        As of :func:`score`.
    model : str, os.PathLike, TextureClassifier, TextureNovelty or TextureRegressor
        A model's file, read here and sent to the workers, or a fitted estimator.
    reject_at, interval
        As of :func:`textura.classify_batch`.

    Returns
    -------
    pyspark.sql.DataFrame
        The table as it was written, with the columns of :func:`textura.classify_batch`.

    Raises
    ------
    ValueError
        As of :func:`score`, and for a file that is no model.
    """
    reject_below, level = limit_of(reject_at), level_of(model, interval)
    found = model_of(model)
    kind = type(found).__name__
    # Sent once to each machine, not once a task.
    sent = spark.sparkContext.broadcast(found.to_json())
    jobs = _threads_of_a_task(spark)

    def work(batch):
        return answered_batch(batch, _model(kind, sent.value), reject_below, level, jobs)

    return _run(spark, manifest, work, output, partition_size, batch_size, mode)


def pictures(spark, folder):
    """The pictures below a folder with their contents: a DataFrame for :func:`score` where workers cannot open the
    files themselves, but Spark can, as in object stores.

    Parameters
    ----------
    spark : pyspark.sql.SparkSession
    folder : str or os.PathLike
        Anything that Spark reads, with or without a scheme.

    Returns
    -------
    pyspark.sql.DataFrame
        `path` (as Spark names it, with its scheme) and `bytes`.
    """
    from pyspark.sql.functions import col

    names = ",".join(f"*.{ending},*.{ending.upper()}" for ending in _ENDINGS)
    reader = spark.read.format("binaryFile").option("recursiveFileLookup", True)
    found = reader.option("pathGlobFilter", "{" + names + "}").load(os.fspath(folder))
    return found.select(col("path"), col("content").alias("bytes"))


# A Python worker runs many tasks, and reads their model once.
@lru_cache(maxsize=2)
def _model(kind, content):
    return getattr(_textura, kind).from_json(content)


def _sendable(descriptor):
    """A checked descriptor in a form that every worker understands: a file becomes what stands in it."""
    descriptor_of(descriptor)
    if isinstance(descriptor, (str, os.PathLike)) and os.path.isfile(descriptor):
        with open(descriptor, encoding="utf-8") as file:
            return json.load(file)
    return descriptor


def _threads_of_a_task(spark):
    return int(spark.sparkContext.getConf().get("spark.task.cpus", "1"))


def _run(spark, manifest, work, output, partition_size, batch_size, mode):
    for name, value in (("partition_size", partition_size), ("batch_size", batch_size)):
        if not (isinstance(value, int) and 0 < value):
            raise ValueError(f"{name}: expected a whole number above 0, found {value!r}")
    if output is None:
        raise ValueError("output: expected the folder for the table, found none")
    table = _manifest(spark, manifest)
    if "bytes" not in table.columns:
        # By path and not by turns: a task that is run again gets the same rows.
        table = table.repartition(-(-table.count() // partition_size) or 1, "path")

    def each(batches):
        for batch in batches:
            for start in range(0, batch.num_rows, batch_size):
                yield work(batch.slice(start, batch_size))

    schema = _schema_of(work, table)
    answers = table.mapInArrow(each, schema)
    before = spark.conf.get(_ROWS_PER_BATCH)
    spark.conf.set(_ROWS_PER_BATCH, str(batch_size))
    try:
        answers.write.mode(mode).parquet(os.fspath(output))
    finally:
        spark.conf.set(_ROWS_PER_BATCH, before)
    return spark.read.parquet(os.fspath(output))


def _manifest(spark, manifest):
    if hasattr(manifest, "mapInArrow"):
        table = manifest
    else:
        name = os.fspath(manifest)
        ending = os.path.splitext(name)[1].lower()
        if ending == ".csv":
            table = spark.read.csv(name, header=True, quote='"', escape='"')
        elif ending == ".jsonl":
            table = spark.read.json(name)
        elif ending == ".parquet":
            table = spark.read.parquet(name)
        else:
            raise ValueError(f"{name}: expected a manifest that ends in .csv, .jsonl or .parquet")
        table = _absolute(table, name)
    taken = [name for name in _TAKEN if name in table.columns]
    if not {"path", "bytes"} & set(taken):
        raise ValueError(f"manifest: expected a column path or bytes, found {', '.join(table.columns)}")
    return table.select(*taken)


def _absolute(table, manifest):
    """The paths of a manifest's file, for workers that run in folders of their own."""
    from pyspark.sql.functions import col, concat, lit, when

    if "path" not in table.columns:
        return table
    first = table.select("path").first()
    is_here = first is not None and first.path is not None and os.path.exists(first.path)
    folder = os.path.abspath("." if is_here else os.path.dirname(manifest))
    for column in ("path", "mask"):
        if column in table.columns:
            given = col(column)
            whole = when(given.rlike("^(/|[A-Za-z][A-Za-z0-9+.-]*:)"), given)
            table = table.withColumn(column, whole.otherwise(concat(lit(folder + "/"), given)))
    return table


def _schema_of(work, table):
    import pyarrow
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    none = pyarrow.RecordBatch.from_pylist([], schema=to_arrow_schema(table.schema))
    return from_arrow_schema(work(none).schema)

"""Kills commands at random moments and lets disks fill up: nothing may be lost, and no half file may look whole.

Run by scripts/test-faults, in a mount namespace of its own, so that small disks can be mounted.
"""

import argparse
import csv
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

TABLES = ["t.csv", "t.jsonl", "t.parquet"]
FLAGS = ["--progress", "never", "--engine", "reference"]
LEARN = ["--descriptor", "fast", "--hidden", "8", "--augment", "none"]


def contents(folder):
    """The contents of all files below a folder that a person would see, by name."""
    files = {}
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            files[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return files


def hidden(folder):
    """What was begun and is not whole."""
    return [path for path in Path(folder).rglob(".textura-*")]


class Job:
    """A command, and what it writes."""

    def __init__(self, name, args, targets, prepare=None):
        self.name, self.args, self.targets, self.prepare = name, args, targets, prepare


class Bench:
    """A folder with pictures to learn from, a model, and a place for what is written."""

    def __init__(self, textura, work, fixtures, seed):
        self.textura, self.work = str(Path(textura).resolve()), Path(work).resolve()
        self.random = random.Random(seed)
        shutil.rmtree(self.work, ignore_errors=True)
        self.source = self.work / "source"
        shutil.copytree(Path(fixtures) / "textures", self.source)
        self.model = self.work / "old.json"
        status, said, _ = self.run(["train", self.source, "--model", self.model, *LEARN], self.work)
        require(status == 0, f"the first training: {said}")

    def jobs(self):
        jobs = [
            Job("train", ["train", self.source, "--model", "m.json", *LEARN], ["m.json"]),
            Job("retrain", ["retrain", self.model, self.source, "-o", "m.json", "--force"], ["m.json"]),
        ]
        for table in TABLES:
            args = ["score", self.source, "--descriptor", "fast", "-o", table]
            jobs.append(Job(f"score to {table[2:]}", args, [table]))
        return jobs

    def sorts(self):
        for way in ["--link", "--copy", "--move"]:
            args = ["classify", self.model, "in", "--sort-into", "out", way, "-o", "p.csv"]
            yield Job(f"classify --sort-into {way}", args, None, lambda place: shutil.copytree(self.source, place / "in"))

    def start(self, args, place):
        command = [self.textura, *map(str, args), *FLAGS]
        environment = {**os.environ, "TEXTURA_CACHE": str(place / "cache")}
        return subprocess.Popen(
            command, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, args, place, kill_after=None):
        """Gives the status (None where it was killed), what was said, and the time taken."""
        began = time.monotonic()
        process = self.start(args, place)
        try:
            out, err = process.communicate(timeout=kill_after)
            status = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            status = None
        return status, (out + err).decode(errors="replace"), time.monotonic() - began

    def whole(self, job):
        """Where a job ran undisturbed, what it wrote, and the time it took."""
        place = self.fresh("whole")
        status, said, lasted = self.run(job.args, place)
        require(status == 0, f"{job.name}: {said}")
        return place, {target: (place / target).read_bytes() for target in job.targets}, lasted

    def fresh(self, name):
        place = self.work / name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        return place


def require(holds, what):
    if not holds:
        sys.exit(f"failed: {what}")


def kill_writers(bench, n_runs):
    """Commands that write one file: it is the old one or the whole new one."""
    n_killed = 0
    for job in bench.jobs():
        place, whole, lasted = bench.whole(job)
        for run in range(n_runs):
            if run % 3 == 0:
                shutil.rmtree(place / "cache", ignore_errors=True)
            for target in job.targets:
                (place / target).write_bytes(b"old")
            moment = bench.random.uniform(0, 1.1 * lasted)
            status, said, _ = bench.run(job.args, place, moment)
            n_killed += status is None
            for target in job.targets:
                found = (place / target).read_bytes()
                require(found in (b"old", whole[target]), f"{job.name} killed after {moment:.3f} s: a half {target}")
                require(status is None or found == whole[target], f"{job.name}: {said}")
            require(len(hidden(place)) <= len(job.targets), f"{job.name}: {hidden(place)} pile up")
        status, said, _ = bench.run(job.args, place)
        require(status == 0, f"{job.name} after {n_runs} kills: {said}")
        for target in job.targets:
            require((place / target).read_bytes() == whole[target], f"{job.name}: another {target} after kills")
        require(not hidden(place), f"{job.name}: {hidden(place)} left behind")
        print(f"{job.name}: {n_runs} runs killed at random moments, then the same bytes", flush=True)
    return n_killed


def kill_sorters(bench, n_runs):
    """Sorting, killed again and again until it is done: as if it had never been killed, and then taken back."""
    n_killed = 0
    for job in bench.sorts():
        place = bench.fresh("sort-whole")
        job.prepare(place)
        before = contents(place / "in")
        status, said, lasted = bench.run(job.args, place)
        require(status == 0, f"{job.name}: {said}")
        whole = contents(place / "out")
        whole.pop("textura-sorted.csv")
        place = bench.fresh("sort")
        job.prepare(place)
        for _ in range(n_runs):
            status, said, _ = bench.run(job.args, place, bench.random.uniform(0.3 * lasted, 1.05 * lasted))
            n_killed += status is None
            found = contents(place / "in")
            sorted_files = contents(place / "out") if (place / "out").exists() else {}
            there = {*found.values(), *sorted_files.values()}
            require(set(before.values()) <= there, f"{job.name}: a picture is gone")
        status, said, _ = bench.run(job.args, place)
        require(status in (0, 4), f"{job.name} after kills: {said}")
        found = contents(place / "out")
        found.pop("textura-sorted.csv")
        require(found == whole, f"{job.name}: sorted otherwise after kills")
        require(not hidden(place / "out"), f"{job.name}: {hidden(place / 'out')} left behind")
        status, said, _ = bench.run(["classify", "--undo", "out/textura-sorted.csv"], place)
        require(status == 0 and contents(place / "in") == before, f"{job.name}: not taken back: {said}")
        print(f"{job.name}: {n_runs} runs killed at random moments, then sorted the same and undone", flush=True)
    return n_killed


class Disk:
    """A small disk of its own."""

    def __init__(self, place, kibibytes):
        self.place = place
        place.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "none", place], check=True)

    def grow(self, kibibytes):
        subprocess.run(["mount", "-o", f"remount,size={kibibytes}k", self.place], check=True)

    def protect(self):
        subprocess.run(["mount", "-o", "remount,ro", self.place], check=True)

    def gone(self):
        subprocess.run(["umount", self.place], check=True)


def protected_places(bench):
    """Places that cannot be written to, or vanish: the reason, with the name, and nothing half."""
    n_seen = 0
    for job in bench.jobs():
        disk = Disk(bench.work / "disk", 4096)
        for target in job.targets:
            (disk.place / target).write_bytes(b"old")
        disk.protect()
        status, said, _ = bench.run(job.args, disk.place)
        require(status == 1 and "Read-only" in said, f"{job.name} to a read-only disk: status {status}: {said}")
        require(all(target in said for target in job.targets), f"{job.name}: no name in {said}")
        require(all((disk.place / target).read_bytes() == b"old" for target in job.targets), f"{job.name}: lost")
        disk.gone()
        place = bench.fresh("vanish")
        (place / "out").mkdir()
        into = [f"out/{arg}" if arg in job.targets else arg for arg in job.args]
        status, said, lasted = bench.run(into, place)
        require(status == 0, f"{job.name}: {said}")
        shutil.rmtree(place / "cache", ignore_errors=True)
        process = bench.start(into, place)
        time.sleep(lasted / 2)
        shutil.rmtree(place / "out")
        out, err = process.communicate()
        said = (out + err).decode(errors="replace")
        require(process.returncode == 1 and job.targets[0] in said, f"{job.name}, folder gone: {said}")
        require(not (place / "out").exists() and not hidden(place), f"{job.name}: left behind")
        n_seen += 2
    print(f"{n_seen} commands met a read-only disk or a folder that vanished", flush=True)


def says_full(said):
    return "No space left" in said or "full" in said.lower()


def fill_disks(bench, n_runs):
    """Commands on a disk that is too small: the reason, the old file, and nothing else."""
    n_full = 0
    for job in bench.jobs():
        _, whole, _ = bench.whole(job)
        needed = sum(len(bytes_) for bytes_ in whole.values()) // 1024 + 1
        n_failed = 0
        for run in range(n_runs):
            # The first is too small for every command, so that one run shows something.
            disk = Disk(bench.work / "disk", 8 + (bench.random.randrange(needed) if run else 0))
            for target in job.targets:
                (disk.place / target).write_bytes(b"old")
            status, said, _ = bench.run(job.args, disk.place)
            for target in job.targets:
                found = (disk.place / target).read_bytes()
                require(found == (whole[target] if status == 0 else b"old"), f"{job.name}: status {status}: {said}")
            require(status == 0 or (status == 1 and says_full(said)), f"{job.name}: status {status}: {said}")
            require(not hidden(disk.place), f"{job.name}: {hidden(disk.place)} left behind")
            n_failed += status == 1
            disk.gone()
        n_full += n_failed
        require(n_failed != 0, f"{job.name}: no disk was full")
        print(f"{job.name}: {n_runs} small disks, {n_failed} of them too small", flush=True)
    return n_full


def fill_while_sorting(bench, n_runs):
    """Sorting copies onto a small disk: nothing is lost, and with room it goes on."""
    n_full = 0
    place = bench.fresh("sort-whole")
    shutil.copytree(bench.source, place / "in")
    args = lambda out, way: ["classify", bench.model, "in", "--sort-into", out, way]
    require(bench.run(args("out", "--copy"), place)[0] == 0, "sorting copies")
    whole = contents(place / "out")
    whole.pop("textura-sorted.csv")
    needed = sum(path.stat().st_size for path in (place / "out").rglob("*.png")) // 1024
    for way in ["--copy", "--move"]:
        for _ in range(n_runs):
            place = bench.fresh("sort")
            shutil.copytree(bench.source, place / "in")
            before = contents(place / "in")
            disk = Disk(bench.work / "disk", 8 + bench.random.randrange(needed))
            out = disk.place / "out"
            status, said, _ = bench.run(args(out, way), place)
            n_full += status != 0
            require(status in (0, 1, 3), f"sorting, status {status}: {said}")
            require(status == 0 or says_full(said), f"sorting: {said}")
            there = {*contents(place / "in").values(), *contents(disk.place).values()}
            require(set(before.values()) <= there, "sorting onto a full disk: a picture is gone")
            disk.grow(16 * needed + 4096)
            status, said, _ = bench.run(args(out, way), place)
            found = contents(out)
            found.pop("textura-sorted.csv")
            require(found == whole, f"sorting {way} after a full disk: {status} {said}")
            require(not hidden(disk.place), f"sorting: {hidden(disk.place)} left behind")
            disk.gone()
        print(f"classify --sort-into {way}: {n_runs} small disks, then with room", flush=True)
    return n_full


class Review:
    """A page without a browser: its server, asked as the page asks."""

    def __init__(self, bench, folder, labels):
        words = [bench.textura, "review", folder, "--labels", labels, "--no-open", "--cache", "none"]
        self.process = subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline().strip()
        self.base, self.token = line.split("/?token=")

    def label(self, number, name):
        """Labels a picture; whether the server said that the label is safe."""
        head = {"X-Textura-Token": self.token, "Content-Type": "application/json"}
        body = json.dumps({"ids": [number], "class": name}).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(f"{self.base}/api/label", body, head)) as answer:
                return "changes" in json.load(answer)
        except urllib.error.HTTPError as error:
            require(error.code == 500 and says_full(error.read().decode()), f"review: {error}")
        except OSError:
            pass
        return False

    def labels(self):
        head = {"X-Textura-Token": self.token}
        with urllib.request.urlopen(urllib.request.Request(f"{self.base}/api/state", headers=head)) as answer:
            return {number: name for number, name in json.load(answer)["labels"]}

    def kill(self):
        self.process.kill()
        self.process.wait()


def table_of(labels):
    with open(labels, newline="") as file:
        return sorted(row["label"] for row in csv.DictReader(file))


def kill_reviews(bench, n_runs):
    """Killed while labels come in: what the server said to be safe is there, in the state, the table and the journal."""
    place = bench.fresh("review")
    shutil.copytree(bench.source, place / "in")
    labels = place / "labels.csv"
    safe = {}
    for run in range(n_runs):
        review = Review(bench, place / "in", labels)
        found = review.labels()
        require(safe.items() <= found.items(), f"review, run {run}: {set(safe.items()) - set(found.items())} lost")
        require(table_of(labels) == sorted(found.values()) if labels.exists() else not found, "review: another table")
        killer = subprocess.Popen(["sh", "-c", f"sleep {bench.random.random() * 0.2}; kill -9 {review.process.pid}"])
        safe, number = found, 0
        while review.process.poll() is None:
            number = (number + 1) % 8
            name = f"{run} {bench.random.randrange(1000)}"
            if review.label(number, name):
                safe[number] = name
            else:
                # Whether it came through nobody knows.
                safe.pop(number, None)
        killer.wait()
    print(f"review: {n_runs} times killed, no label lost", flush=True)
    return n_runs


def fill_while_labelling(bench, n_runs):
    """A full disk refuses labels and loses none; with room it goes on."""
    n_full = 0
    place = bench.fresh("labels")
    shutil.copytree(bench.source, place / "in")
    for _ in range(n_runs):
        disk = Disk(bench.work / "disk", 12 + 4 * bench.random.randrange(4))
        labels = disk.place / "labels.csv"
        review = Review(bench, place / "in", labels)
        safe, n_refused = {}, 0
        for at in range(400):
            number, name = at % 8, f"{at} " + "x" * 60
            if review.label(number, name):
                safe[number] = name
            else:
                n_refused += 1
                if n_refused == 3:
                    break
        n_full += n_refused == 3
        require(review.labels() == safe, "review on a full disk: a label is lost")
        review.kill()
        disk.grow(4096)
        review = Review(bench, place / "in", labels)
        require(review.labels() == safe, "review after a full disk: a label is lost")
        require(review.label(0, "with room"), "review after a full disk: it does not go on")
        safe[0] = "with room"
        require(table_of(labels) == sorted(safe.values()), "review after a full disk: another table")
        review.kill()
        disk.gone()
    print(f"review: {n_runs} small disks, {n_full} of them full, then with room", flush=True)
    return n_full


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--textura", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--fixtures", default="fixtures")
    parser.add_argument("--runs", type=int, default=10, help="runs of each command")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    bench = Bench(args.textura, args.work, args.fixtures, args.seed)
    n_killed = kill_writers(bench, args.runs) + kill_sorters(bench, args.runs) + kill_reviews(bench, args.runs)
    protected_places(bench)
    n_full = fill_disks(bench, args.runs // 2) + fill_while_sorting(bench, args.runs // 2)
    n_full += fill_while_labelling(bench, args.runs // 2)
    shutil.rmtree(bench.work)
    print(f"{n_killed} runs were killed, {n_full} met a full disk")
    require(4 * args.runs <= n_killed, "too few runs were killed before they had ended")


main()

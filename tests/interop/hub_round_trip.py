"""Python's huggingface_hub and datasets against the Hub that HF_ENDPOINT names, for crates/hub/tests/hub/python.rs.

    hub_round_trip.py download MODEL        fetch with each of their calls into HF_HUB_CACHE, and describe what came
    hub_round_trip.py read MODEL FILE...    find these files in HF_HUB_CACHE; the caller sets HF_HUB_OFFLINE
    hub_round_trip.py refusals MODEL GATED  the exceptions for what is not there or not allowed
    hub_round_trip.py layouts ID[:CONFIG]... the files of each split of each data set, or the name of the exception
    hub_round_trip.py upload FOLDER MODEL   make a private repository and send the folder to it
    hub_round_trip.py fetch MODEL           everything that the repository holds, with the writer's token

One JSON object on stdout.
"""

import hashlib
import json
import os
import sys

import huggingface_hub
from huggingface_hub import HfApi, hf_hub_download, scan_cache_dir, snapshot_download


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def download(model):
    api = HfApi()
    info = api.model_info(model, files_metadata=True)
    tree = [entry for entry in api.list_repo_tree(model, recursive=True) if hasattr(entry, "blob_id")]
    weights = next(entry for entry in tree if entry.path == "model.safetensors")
    single = hf_hub_download(model, "config.json")
    folder = snapshot_download(model, ignore_patterns=["*.h5"])
    described = api.get_paths_info(model, ["config.json", "model.safetensors"])
    return {
        "found": [found.id for found in api.list_models(search=model.split("/")[-1])],
        "sha": info.sha,
        "siblings": {file.rfilename: file.size for file in info.siblings},
        "tree": {entry.path: entry.size for entry in tree},
        "described": sorted(entry.path for entry in described),
        "weights_sha256": weights.lfs.sha256,
        "weights_here": sha256(os.path.join(folder, "model.safetensors")),
        "folder": os.path.realpath(folder),
        "single": os.path.realpath(os.path.dirname(single)),
        "branches": [branch.name for branch in api.list_repo_refs(model).branches],
    }


def read(model, *files):
    cache = scan_cache_dir()
    repositories = {repository.repo_id: repository for repository in cache.repos}
    revision = next(iter(repositories[model].revisions))
    return {
        "warnings": [str(warning) for warning in cache.warnings],
        "refs": sorted(revision.refs),
        "commit": revision.commit_hash,
        "sha256": {file: sha256(hf_hub_download(model, file)) for file in files},
        "snapshot": os.path.realpath(snapshot_download(model, allow_patterns=list(files))),
    }


def refusals(model, gated):
    calls = {
        "missing": lambda: hf_hub_download("lab/none", "config.json"),
        "missing_info": lambda: HfApi().model_info("lab/none"),
        "file": lambda: hf_hub_download(model, "gone.txt"),
        "revision": lambda: hf_hub_download(model, "config.json", revision="v9"),
        "revision_info": lambda: HfApi().model_info(model, revision="v9"),
        "gated": lambda: hf_hub_download(gated, "config.json"),
        "wrong_token": lambda: HfApi(token="hf_wrong").model_info(model),
    }
    raised = {}
    for name, call in calls.items():
        try:
            call()
            raised[name] = None
        except Exception as error:
            raised[name] = type(error).__name__
    raised["gated_with_token"] = os.path.basename(hf_hub_download(gated, "config.json", token="hf_member"))
    return raised


def layouts(*names):
    from datasets import load_dataset_builder

    found = {}
    for name in names:
        dataset, _, configuration = name.partition(":")
        try:
            config = load_dataset_builder(dataset, configuration or None).config
            prefix = f"hf://datasets/{dataset}@"
            found[name] = {
                str(split): [path.removeprefix(prefix).split("/", 1)[1] for path in paths]
                for split, paths in config.data_files.items()
                if paths
            }
        except Exception as error:
            found[name] = f"{type(error).__name__}: {error}"
    return found


def upload(folder, model):
    api = HfApi(token="hf_writer")
    api.create_repo(model, private=True)
    made = api.upload_folder(folder_path=folder, repo_id=model, commit_message="Add the adapter")
    try:
        HfApi(token="hf_reader").create_repo("reader/any")
        read_only = None
    except Exception as error:
        read_only = type(error).__name__
    return {
        "name": api.whoami()["name"],
        "private": api.model_info(model).private,
        "commit": made.oid,
        "read_only": read_only,
    }


def fetch(model):
    folder = snapshot_download(model, token="hf_writer")
    paths = [os.path.join(root, name) for root, _, names in os.walk(folder) for name in names]
    return {
        "commit": os.path.basename(folder),
        "folder": folder,
        "bytes": {os.path.relpath(path, folder): os.path.getsize(path) for path in paths},
    }


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    commands = {
        "download": download,
        "read": read,
        "refusals": refusals,
        "layouts": layouts,
        "upload": upload,
        "fetch": fetch,
    }
    result = commands[command](*arguments)
    json.dump({"huggingface_hub": huggingface_hub.__version__, "result": result}, sys.stdout)

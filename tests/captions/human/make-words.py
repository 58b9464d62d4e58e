#!/usr/bin/env python3
"""Prints the word starts (ms) of the recordings here by forced alignment. words.jsonl corrects them, see README.md.

Debian 12: apt-get install python3-pocketsphinx pocketsphinx-en-us ffmpeg
"""
import json
import os
import re
import subprocess

from pocketsphinx.pocketsphinx import Decoder

HERE = os.path.dirname(os.path.abspath(__file__))
MODEL = "/usr/share/pocketsphinx/model/en-us/"


def force(recording, text):
    config = Decoder.default_config()
    config.set_string("-hmm", MODEL + "en-us")
    config.set_string("-dict", MODEL + "cmudict-en-us.dict")
    config.set_string("-logfn", "/dev/null")
    config.set_string("-cmn", "batch")
    for beam, width in [("-beam", 1e-80), ("-pbeam", 1e-80), ("-wbeam", 1e-60)]:
        config.set_float(beam, width)
    for option in ["-remove_silence", "-bestpath"]:
        config.set_boolean(option, False)
    decoder = Decoder(config)
    words = " ".join(re.findall(r"[a-z']+", text.lower()))
    decoder.set_jsgf_string("text", f"#JSGF V1.0; grammar text; public <text> = {words};")
    decoder.set_search("text")
    decode = ["ffmpeg", "-v", "error", "-i", recording, "-ar", "16000", "-ac", "1", "-f", "s16le", "-"]
    decoder.start_utt()
    decoder.process_raw(subprocess.check_output(decode), False, True)
    decoder.end_utt()
    return [segment.start_frame * 10 for segment in decoder.seg() if not segment.word.startswith("<")]


for line in open(os.path.join(HERE, "words.jsonl")):
    truth = json.loads(line)
    places = [match.start() for match in re.finditer(r"\S+", truth["text"])]
    starts = force(os.path.join(HERE, truth["voice"] + ".flac"), truth["text"])
    print(truth["voice"], list(zip(places, starts)))

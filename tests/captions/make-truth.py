#!/usr/bin/env python3
"""Writes truth.jsonl: when each word is spoken, as the speech engines report it.

Run only to change the sentences (Debian 12: apt-get install python3 flite espeak-ng, versions 2.2 and 1.51). flite
tells each word's first segment, espeak-ng its word events; both are read through their C libraries, since their
command lines do not print them. Every sentence is spoken by a process of its own: espeak-ng carries pitch and speed
over from one to the next. Hebrew and Chinese are missing: espeak-ng 1.51 reads the one without
its vowels and the other without its characters, so that there is nothing to measure against.
"""
import ctypes as C
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FLITE_VOICES = ["slt", "rms", "awb", "kal16", "kal"]


def flite_starts(voice, text):
    def load(name):
        return C.CDLL(f"lib{name}.so.1", mode=C.RTLD_GLOBAL)

    flite = load("flite")
    load("flite_cmulex"), load("flite_usenglish")
    flite.flite_init()
    for name in ["flite_synth_text", "utt_relation", "relation_head", "item_next", "item_daughter"]:
        getattr(flite, name).restype = C.c_void_p
    flite.ffeature_float.restype = C.c_float
    register = getattr(load(f"flite_cmu_us_{voice}"), f"register_cmu_us_{voice}")
    register.restype = C.c_void_p
    utterance = C.c_void_p(flite.flite_synth_text(text.encode(), C.c_void_p(register(None))))
    token = flite.relation_head(C.c_void_p(flite.utt_relation(utterance, b"Token")))
    starts = []
    while token:
        word = flite.item_daughter(C.c_void_p(token))
        if word:
            first = b"R:SylStructure.daughter1.daughter1.R:Segment.p.end"
            starts.append(flite.ffeature_float(C.c_void_p(word), first))
        token = flite.item_next(C.c_void_p(token))
    places = [match.start() for match in re.finditer(r"\S+", text)]
    assert len(places) == len(starts), text
    return list(zip(places, starts))


def espeak_starts(voice, text):
    class Event(C.Structure):
        _fields_ = [("type", C.c_int), ("id", C.c_uint), ("text_position", C.c_int), ("length", C.c_int),
                    ("audio_position", C.c_int), ("sample", C.c_int), ("user_data", C.c_void_p), ("name", C.c_char * 8)]

    espeak = C.CDLL("libespeak-ng.so.1")
    espeak.espeak_Initialize(1, 0, None, 0)  # AUDIO_OUTPUT_RETRIEVAL
    starts = []

    @C.CFUNCTYPE(C.c_int, C.POINTER(C.c_short), C.c_int, C.POINTER(Event))
    def on_sound(_samples, _count, events):
        at = 0
        while events[at].type != 0:
            if events[at].type == 1:  # a word
                starts.append((events[at].text_position - 1, events[at].audio_position / 1000))
            at += 1
        return 0

    espeak.espeak_SetSynthCallback(on_sound)
    espeak.espeak_SetVoiceByName(voice.encode())
    espeak.espeak_SetParameter(1, 175, 0)  # the command line's speed
    data = text.encode() + b"\0"
    espeak.espeak_Synth(data, len(data), 0, 1, 0, 0x1001, None, None)
    espeak.espeak_Synchronize()
    return starts


def ask(engine, voice, text):
    out = subprocess.check_output([sys.executable, __file__, engine, voice, text])
    return [[place, round(start * 1000)] for place, start in json.loads(out)]


def main():
    sentences = json.load(open(os.path.join(HERE, "sentences.json")))
    lines = []
    for language, uses in sentences.items():
        for use, texts in uses.items():
            for text in texts:
                voices = [("flite", voice) for voice in FLITE_VOICES] if language == "en" else []
                voices += [("espeak-ng", voice) for voice in (["en", "en+f3"] if language == "en" else [language])]
                for engine, voice in voices:
                    starts = ask(engine, voice, text)
                    lines.append(json.dumps({"engine": engine, "voice": voice, "language": language, "use": use,
                                             "text": text, "starts": starts}, ensure_ascii=False))
    with open(os.path.join(HERE, "truth.jsonl"), "w") as out:
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        engine, voice, text = sys.argv[1:]
        print(json.dumps((flite_starts if engine == "flite" else espeak_starts)(voice, text)))
    else:
        main()

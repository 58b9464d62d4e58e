/**
 * Files with a false type. Each would make an unguarded ffmpeg open another address or file, or run without
 * end.
 */
import { deflateSync, gzipSync } from "node:zlib";

/** Texts that lead a demuxer to `url` (http) or to the file `local`. */
export function followers(url: string, local: string): Record<string, Buffer> {
  const text = (value: string) => Buffer.from(value);
  const hls = (target: string) =>
    text(`#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${target}\n#EXT-X-ENDLIST\n`);
  const xlink = 'xmlns:xlink="http://www.w3.org/1999/xlink"';
  return {
    "HLS to a server": hls(`${url}/hls.ts`),
    "HLS to a file": hls(`file://${local}`),
    "HLS to a bare path": hls(local),
    "HLS to a sibling": hls("canary.wav"),
    "HLS to a concat": hls(`concat:${local}|${local}`),
    "HLS to a subfile": hls(`subfile,,start,0,end,100,,:${local}`),
    "HLS with a key": text(
      `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${url}/key"\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\ncanary.wav\n#EXT-X-ENDLIST\n`,
    ),
    "HLS with a map": text(
      `#EXTM3U\n#EXT-X-MAP:URI="${url}/map"\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nx.mp4\n#EXT-X-ENDLIST\n`,
    ),
    "HLS of variants": text(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${url}/variant.m3u8\n`),
    "a plain playlist": text(`#EXTM3U\n${url}/plain.mp3\n`),
    "a pls playlist": text(`[playlist]\nNumberOfEntries=1\nFile1=${url}/pls.mp3\n`),
    "ffconcat to a server": text(`ffconcat version 1.0\nfile '${url}/concat.wav'\n`),
    "ffconcat to a file": text(`ffconcat version 1.0\nfile '${local}'\n`),
    "ffconcat to a sibling": text("ffconcat version 1.0\nfile canary.wav\n"),
    "a DASH manifest": text(
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="a" bandwidth="1"><BaseURL>${url}/dash.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    ),
    "a session description": text(
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n`,
    ),
    ffmetadata: text(";FFMETADATA1\ntitle=x\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=9999999\n"),
    "an SVG with an image of a server": text(
      `<svg xmlns="http://www.w3.org/2000/svg" ${xlink}><image xlink:href="${url}/svg.png" width="9" height="9"/></svg>`,
    ),
    "an SVG with an image of a file": text(
      `<svg xmlns="http://www.w3.org/2000/svg" ${xlink}><image xlink:href="file://${local}" width="9" height="9"/></svg>`,
    ),
    "XML with an entity": text(`<!DOCTYPE a [<!ENTITY x SYSTEM "file://${local}">]><svg>&x;</svg>`),
    "a page": text(
      `<html><img src="${url}/page.png"><meta http-equiv=refresh content="0;url=${url}/r"></html>`,
    ),
    "a MagickVector script": text(`push graphic-context\nimage over 0,0 0,0 'url(${url}/mvg.png)'\n`),
    PostScript: text(`%!PS\n(${local}) (r) file\n`),
    "a PDF": text(`%PDF-1.4\n1 0 obj<</Type/Action/S/URI/URI(${url}/pdf)>>endobj\n`),
    "a shell script": text(`#!/bin/sh\ncurl ${url}/sh\n`),
    subtitles: text(`[Script Info]\n[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,D,,0,0,0,,{\\i${url}}\n`),
    "an AviSynth script": text(`AviSource("${local}")\n`),
    "an rtsp address": text(`rtsp://127.0.0.1:9/x\n`),
    "a redirect of RealMedia": text(`${url}/ram.rm\n`),
    "an ASX redirect": text(`<asx version="3"><entry><ref href="${url}/asx"/></entry></asx>`),
    "a zip": Buffer.concat([text("PK\x03\x04"), Buffer.alloc(26), text(url)]),
    "a gzip": gzipSync(hls(`${url}/gz.ts`)),
    "a movie that refers elsewhere": movieWithReference(`${url}/mov`),
    "a movie that is an alias": movieWithReference(local),
    nothing: Buffer.alloc(0),
    "one byte": Buffer.from([0x89]),
  };
}

/** The first bytes that identify a picture or a voice. */
export const disguises: Record<string, Buffer> = {
  PNG: Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
  JPEG: Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  WebP: Buffer.from("RIFF\x40\x00\x00\x00WEBP", "latin1"),
  WAV: Buffer.from("RIFF\x40\x00\x00\x00WAVE", "latin1"),
  MP3: Buffer.from("ID3\x03\x00\x00\x00\x00\x00\x00", "latin1"),
  FLAC: Buffer.from("fLaC", "latin1"),
  Ogg: Buffer.from("OggS\x00\x02", "latin1"),
};

/** Black, one bit per pixel: a file of one megabyte that needs hundreds of them in memory. */
export function hugePng(edge: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(edge, 0);
  header.writeUInt32BE(edge, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc(edge * (Math.ceil(edge / 8) + 1)));
  return Buffer.concat([
    disguises.PNG as Buffer,
    chunk("IHDR", header),
    chunk("IDAT", rows),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function movieWithReference(target: string): Buffer {
  const box = (type: string, ...parts: Buffer[]) => {
    const size = Buffer.alloc(4);
    const body = Buffer.concat(parts);
    size.writeUInt32BE(8 + body.length);
    return Buffer.concat([size, Buffer.from(type, "latin1"), body]);
  };
  const reference = box("url ", Buffer.alloc(4), Buffer.from(`${target}\0`));
  const dref = box("dref", Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), reference);
  return Buffer.concat([
    box("ftyp", Buffer.from("qt  \0\0\0\0qt  ", "latin1")),
    box("moov", box("trak", box("mdia", box("minf", box("dinf", dref))))),
  ]);
}

function crc32(data: Buffer): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

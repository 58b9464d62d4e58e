/**
 * Makes a copy of a shared library that starts without some of the libraries it is linked to: the loader
 * neither loads them nor looks their functions up. A program that calls such a function ends with SIGSEGV.
 */

/** Names in <elf.h>. @source https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html */
const elf = {
  ...{ load: 1, dynamic: 2, tableOfSymbols: 11 },
  ...{ needed: 1n, strings: 5n, versionNeeds: 0x6ffffffen, versionsOfSymbols: 0x6ffffff0n },
  ...{ global: 1, weak: 2, anyVersion: 1 },
} as const;

interface Entry {
  tag: bigint;
  value: bigint;
}

/**
 * A copy of the ELF file without its links to the libraries that `isDropped` names. All symbols that it takes
 * from others become weak: those that no library has are null.
 * @throws Error if it is no 64-bit little-endian ELF file with a table of symbols
 */
export function unlinkLibraries(original: Buffer, isDropped: (name: string) => boolean): Buffer {
  const file = Buffer.from(original);
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1)
    throw new Error("unknown format");
  const { at, size, offsetOf } = findDynamic(file);
  const entries = readEntries(file, at);
  const find = (tag: bigint) => {
    const entry = entries.find((one) => one.tag === tag);
    if (!entry) throw new Error(`no entry ${tag}`);
    return entry;
  };
  const strings = offsetOf(find(elf.strings).value);
  const nameAt = (index: number) =>
    file.toString("latin1", strings + index, file.indexOf(0, strings + index));
  const isLinkToDropped = ({ tag, value }: Entry) => tag === elf.needed && isDropped(nameAt(Number(value)));
  const kept = entries.filter((entry) => !isLinkToDropped(entry));

  const needs = find(elf.versionNeeds);
  const versions = dropVersions(file, offsetOf(needs.value), (index) => isDropped(nameAt(index)));
  needs.value += BigInt(versions.skipped);
  weakenSymbols(file, offsetOf(find(elf.versionsOfSymbols).value), versions.dropped);

  file.fill(0, at, at + size);
  for (const [i, { tag, value }] of kept.entries()) {
    file.writeBigUInt64LE(tag, at + 16 * i);
    file.writeBigUInt64LE(value, at + 16 * i + 8);
  }
  return file;
}

/** Where the table is that the loader reads, and how an address in memory becomes an offset in the file. */
function findDynamic(file: Buffer) {
  const [start, length, count] = [
    Number(file.readBigUInt64LE(32)),
    file.readUInt16LE(54),
    file.readUInt16LE(56),
  ];
  const segments = Array.from({ length: count }, (_, i) => {
    const head = start + i * length;
    const [offset, address, , size] = [8, 16, 24, 32].map((at) => Number(file.readBigUInt64LE(head + at)));
    return { type: file.readUInt32LE(head), offset: offset ?? 0, address: address ?? 0, size: size ?? 0 };
  });
  const dynamic = segments.find(({ type }) => type === elf.dynamic);
  if (!dynamic) throw new Error("not linked to anything");
  const offsetOf = (virtual: bigint) => {
    const address = Number(virtual);
    const segment = segments.find(
      (one) => one.type === elf.load && one.address <= address && address < one.address + one.size,
    );
    if (!segment) throw new Error(`nothing is at ${address}`);
    return segment.offset + address - segment.address;
  };
  return { at: dynamic.offset, size: dynamic.size, offsetOf };
}

function readEntries(file: Buffer, at: number): Entry[] {
  const entries: Entry[] = [];
  for (let entry = at; file.readBigUInt64LE(entry) !== 0n; entry += 16)
    entries.push({ tag: file.readBigUInt64LE(entry), value: file.readBigUInt64LE(entry + 8) });
  return entries;
}

/**
 * Takes the dropped libraries out of the chain of versions that the loader checks. `skipped`: bytes before
 * the first that is left. `dropped`: the numbers by which symbols name a version of theirs.
 */
function dropVersions(file: Buffer, start: number, isDropped: (name: number) => boolean) {
  const dropped = new Set<number>();
  let skipped = 0;
  let previous: number | null = null;
  for (let at = start; ; ) {
    const next = file.readUInt32LE(at + 12);
    if (!isDropped(file.readUInt32LE(at + 4))) previous = at;
    else {
      for (let version = at + file.readUInt32LE(at + 8); ; version += file.readUInt32LE(version + 12)) {
        dropped.add(file.readUInt16LE(version + 6));
        if (file.readUInt32LE(version + 12) === 0) break;
      }
      if (previous === null) skipped += next;
      else file.writeUInt32LE(next === 0 ? 0 : at + next - previous, previous + 12);
    }
    if (next === 0) break;
    at += next;
  }
  if (previous === null) throw new Error("no library is left");
  return { skipped, dropped };
}

/** Makes each symbol weak that another library has, and of any version where its version is dropped. */
function weakenSymbols(file: Buffer, versions: number, dropped: ReadonlySet<number>): void {
  const [start, length, count] = [
    Number(file.readBigUInt64LE(40)),
    file.readUInt16LE(58),
    file.readUInt16LE(60),
  ];
  const sections = Array.from({ length: count }, (_, i) => start + i * length);
  const table = sections.find((at) => file.readUInt32LE(at + 4) === elf.tableOfSymbols);
  if (table === undefined) throw new Error("no table of symbols");
  const [first, size] = [24, 32].map((at) => Number(file.readBigUInt64LE(table + at))) as [number, number];
  for (let i = 0; i < size / 24; i++) {
    const symbol = first + 24 * i;
    const [info, section] = [file[symbol + 4] ?? 0, file.readUInt16LE(symbol + 6)];
    if (section === 0 && info >> 4 === elf.global) file[symbol + 4] = (elf.weak << 4) | (info & 15);
    if (dropped.has(file.readUInt16LE(versions + 2 * i)))
      file.writeUInt16LE(elf.anyVersion, versions + 2 * i);
  }
}

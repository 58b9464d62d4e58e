import { describe, expect, it } from "vitest";
import { nameDownload } from "./name-download.ts";

const fileOf = (header: string) => decodeURIComponent(header.split("filename*=UTF-8''")[1] ?? "");

describe("nameDownload", () => {
  it.each([
    ["The silver sea", "The silver sea.mp4"],
    ["Größe & Café: 100 %", "Größe & Café 100.mp4"],
    ["حلمت أنني كنت أطير", "حلمت أنني كنت أطير.mp4"],
    ["../../etc/passwd", "etc passwd.mp4"],
    ["it's (a) *star*", "it's (a) star.mp4"],
    ["evil\u202e4pm.exe", "evil 4pm.exe.mp4"],
  ])("names a film of the title %s after it", (title, name) => {
    const header = nameDownload(title, "film.mp4");
    expect(fileOf(header)).toBe(name);
    expect(header).toMatch(/^attachment; filename="[ !#-~]+"; filename\*=UTF-8''[\w!#$&+.^`|~%-]+$/);
  });

  it("keeps the file's own name if the title gives none", () => {
    for (const title of [null, "", " ", "///", "..."])
      expect(nameDownload(title, "film.mp4")).toBe('attachment; filename="film.mp4"');
  });

  it("gives ASCII letters to clients that know no other, and the file's own name if there are none", () => {
    expect(nameDownload("Größe", "film.mp4")).toContain('filename="Große.mp4"'.replace("ß", "_"));
    expect(nameDownload("夢", "film.mp4")).toContain('filename="film.mp4"');
  });

  it("tells the other files of a film from it, and cuts long titles at a whole character", () => {
    expect(fileOf(nameDownload("Sea", "captions.vtt"))).toBe("Sea captions.vtt");
    const long = fileOf(nameDownload("🐋".repeat(100), "film.mp4"));
    expect(long).toBe(`${"🐋".repeat(45)}.mp4`);
  });
});

import { describe, expect, it } from "vitest";
import { isPublicAddress } from "../../contract/public-address.ts";
import { refuseAddress } from "./refuse-address.ts";

describe("an address that webhooks may not go to", () => {
  it.each([
    ["http", "http://example.com/"],
    ["another scheme", "ftp://example.com/"],
    ["another port", "https://example.com:8443/"],
    ["the port of http", "https://example.com:80/"],
    ["a user", "https://me@example.com/"],
    ["a password", "https://me:pw@example.com/"],
    ["a name inside", "https://intranet/"],
    ["localhost", "https://localhost/"],
    ["localhost's names", "https://a.localhost/"],
    ["localhost with a dot", "https://localhost./"],
    ["Fly's names", "https://_api.internal/"],
    ["Fly's other names", "https://worker.flycast/"],
    ["local names", "https://printer.local/"],
    ["home's names", "https://router.home.arpa/"],
    ["upper case", "https://METADATA.GOOGLE.INTERNAL/"],
    ["loopback", "https://127.0.0.1/"],
    ["loopback, short", "https://127.1/"],
    ["loopback, decimal", "https://2130706433/"],
    ["loopback, hexadecimal", "https://0x7f000001/"],
    ["loopback, octal", "https://0177.0.0.1/"],
    ["loopback, percent-encoded", "https://%31%32%37.0.0.1/"],
    ["loopback, full width", "https://１２７.0.0.1/"],
    ["this host", "https://0.0.0.0/"],
    ["metadata", "https://169.254.169.254/latest"],
    ["carrier's", "https://100.64.0.1/"],
    ["private, 10", "https://10.0.0.1/"],
    ["private, 172.16", "https://172.31.255.255/"],
    ["private, 192.168", "https://192.168.1.1/"],
    ["broadcast", "https://255.255.255.255/"],
    ["loopback, IPv6", "https://[::1]/"],
    ["unspecified, IPv6", "https://[::]/"],
    ["mapped loopback", "https://[::ffff:127.0.0.1]/"],
    ["mapped private, hexadecimal", "https://[::ffff:a00:1]/"],
    ["compatible loopback", "https://[::127.0.0.1]/"],
    ["unique local", "https://[fdaa::3]/"],
    ["link-local", "https://[fe80::1]/"],
    ["NAT64", "https://[64:ff9b::a00:1]/"],
    ["6to4", "https://[2002:7f00:1::]/"],
    ["Teredo", "https://[2001:0:1::1]/"],
    ["documentation", "https://[2001:db8::1]/"],
    ["mapped metadata", "https://[::ffff:169.254.169.254]/"],
    ["compatible public", "https://[::8.8.8.8]/"],
    ["local-use NAT64", "https://[64:ff9b:1::1]/"],
    ["not yet assigned, IPv6", "https://[4000::1]/"],
    ["multicast, IPv6", "https://[ff02::1]/"],
    ["nonsense", "https://"],
  ])("refuses %s", (_, url) => {
    expect(refuseAddress(url, false)).toEqual(expect.any(String));
  });

  it.each([
    "https://example.com/hook?of=dreams",
    "https://hooks.example.co.uk/",
    "https://8.8.8.8/",
    "https://172.32.0.1/",
    "https://[2606:4700::1111]/",
    "https://xn--trume-hra.example/",
  ])("takes %s", (url) => {
    expect(refuseAddress(url, false)).toBeNull();
  });

  it("takes a laptop's own addresses where they are allowed, and still nothing that is not the web", () => {
    expect(refuseAddress("http://127.0.0.1:9999/", true)).toBeNull();
    expect(refuseAddress("file:///etc/passwd", true)).toEqual(expect.any(String));
    expect(refuseAddress("http://me:pw@127.0.0.1/", true)).toEqual(expect.any(String));
  });

  it("does not take for public what is no address", () => {
    for (const text of [
      "",
      "localhost",
      "1.2.3",
      "1.2.3.4.5",
      "256.1.1.1",
      ":::",
      "1::2::3",
      "2606:4700",
      "g::1",
      "08.8.8.8",
      "0x8.8.8.8",
      "134744072",
      "8.8.8.8\n",
      "::8.8.8.8",
      "2606:4700::1111%eth0",
    ]) {
      expect(isPublicAddress(text)).toBe(false);
    }
  });
});

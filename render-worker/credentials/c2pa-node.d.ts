/**
 * The part of the optional package that the project uses. It is declared here, because the code must compile
 * where the package is not installed.
 */
declare module "@contentauth/c2pa-node" {
  type Source = { path: string; mimeType: string } | { buffer: Buffer; mimeType: string };

  export class Builder {
    static withJson(manifest: object, settings?: object): Builder;
    /** `CallbackSigner` has the same use, and keeps the process alive until it is collected. */
    signConfigAsync(
      sign: (data: Buffer) => Promise<Buffer>,
      config: { alg: string; certs: Buffer[]; reserveSize: number; directCoseHandling: boolean },
      source: Source,
      target: { path: string } | { buffer: null },
    ): Promise<Buffer>;
  }

  export class Reader {
    static fromAsset(source: Source, settings?: object): Promise<Reader | null>;
    json(): {
      validation_state: "Valid" | "Trusted" | "Invalid";
      active_manifest: string;
      manifests: Record<string, { title: string }>;
      validation_status?: { code: string }[];
    };
  }
}

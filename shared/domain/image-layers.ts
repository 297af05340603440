/** What was found in the layers of an image: names of files, never their contents. */
export interface LayerFindings {
  /** Files of version control and environment files, private keys, caches; the first of each kind, in order. */
  readonly leftovers: readonly LayerFile[];
  readonly setuid: readonly LayerFile[];
  /** Names of build tools among the programs. */
  readonly buildTools: readonly string[];
  /** `ID` and `VERSION_ID` of `/etc/os-release`; absent where there is none. */
  readonly distribution?: { readonly id: string; readonly version?: string };
  /** False where bytes or time ran out, or a layer was broken: what was not seen may hold more. */
  readonly complete: boolean;
}

export interface LayerFile {
  readonly path: string;
  readonly kind: LeftoverKind | 'setuid';
  /** Of the layer that has it. */
  readonly layer: string;
}

export type LeftoverKind =
  | 'version-control'
  | 'environment-file'
  | 'private-key'
  | 'credentials-file'
  | 'package-cache';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Only who is there: figures move nothing. */
export interface Topology {
  readonly nodes: readonly string[];
  readonly edges: readonly { readonly id: string; readonly from: string; readonly to: string }[];
}

export interface MapLayout {
  readonly width: number;
  readonly height: number;
  /** The middle of each node. */
  readonly nodes: Readonly<Record<string, Point>>;
  /** From the caller's right side to the callee's left; of calls back the other way round. */
  readonly edges: Readonly<Record<string, readonly Point[]>>;
}

export const nodeWidthPx = 172;
export const nodeHeightPx = 42;

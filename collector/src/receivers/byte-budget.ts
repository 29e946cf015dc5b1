/** A bound on the bytes that all requests hold together. */
export interface ByteBudget {
  /** Whether the lease could grow by `bytes`; if not, nothing was taken. */
  lease(): ByteLease;
  readonly heldBytes: number;
}

export interface ByteLease {
  take(bytes: number): boolean;
  /** Gives back all that was taken. May be repeated. */
  release(): void;
}

export function createByteBudget(bytesMax: number): ByteBudget {
  let heldBytes = 0;
  return {
    get heldBytes() {
      return heldBytes;
    },
    lease() {
      let leased = 0;
      return {
        take(bytes) {
          if (heldBytes + bytes > bytesMax) return false;
          heldBytes += bytes;
          leased += bytes;
          return true;
        },
        release() {
          heldBytes -= leased;
          leased = 0;
        },
      };
    },
  };
}

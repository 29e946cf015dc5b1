import { Slabs } from './slabs.ts';

/** A bound on the bytes that all requests hold together. */
export interface ByteBudget {
  /** Whether the lease could grow by `bytes`; if not, nothing was taken. */
  lease(): ByteLease;
  readonly heldBytes: number;
}

export interface ByteLease {
  take(bytes: number): boolean;
  /** Memory for so many bytes, valid until `release`, where there is some to be used again. It is not what `take` counts. */
  slabFor(bytes: number): Buffer | undefined;
  /** Gives back all that was taken. May be repeated. */
  release(): void;
}

export function createByteBudget(bytesMax: number): ByteBudget {
  let heldBytes = 0;
  const slabs = new Slabs();
  return {
    get heldBytes() {
      return heldBytes;
    },
    lease() {
      let leased = 0;
      const held: Buffer[] = [];
      return {
        take(bytes) {
          if (heldBytes + bytes > bytesMax) return false;
          heldBytes += bytes;
          leased += bytes;
          return true;
        },
        slabFor(bytes) {
          const slab = slabs.take(bytes);
          if (slab) held.push(slab);
          return slab;
        },
        release() {
          heldBytes -= leased;
          leased = 0;
          for (const slab of held.splice(0)) slabs.give(slab);
        },
      };
    },
  };
}

/**
 * Memory for bodies, used again and again. What lies outside V8's heap counts towards its collections all the same: allocated anew for
 * each body, and a second time to join its chunks, it cost an eighth of the processor at 140,000 spans/s.
 */
export class Slabs {
  readonly #free: Buffer[] = [];
  #made = 0;

  /** Nothing for a body that comes in one chunk or does not fit into a slab, and while all of them are in use. */
  take(bytes: number): Buffer | undefined {
    if (bytes < bytesMin || bytes > slabBytes) return undefined;
    const free = this.#free.pop();
    if (free || this.#made === slabsMax) return free;
    this.#made++;
    return Buffer.allocUnsafeSlow(slabBytes);
  }

  give(slab: Buffer): void {
    this.#free.push(slab);
  }
}

/** What Node reads from a socket at once. */
const bytesMin = 64 * 1024;
const slabBytes = 1024 ** 2;
const slabsMax = 32;

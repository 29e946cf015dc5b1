import type { ByteBuffer } from '../native/byte-buffer.ts';
import { ascii, type JsonScanner } from '../json/scanner.ts';
import { nameIndex } from '../json/strings.ts';

/**
 * Where the known members of one JSON object are: they may come in any order, but a span cannot be written before its service is known.
 * An object is read once for this, then its members are, in the order that is wanted.
 */
export class Members<Name extends string> {
  readonly #names: readonly { readonly name: Uint8Array }[];
  readonly #indexOf: Readonly<Record<Name, number>>;
  readonly #at: Int32Array;

  constructor(names: readonly Name[]) {
    this.#names = names.map((name) => ({ name: new TextEncoder().encode(name) }));
    this.#indexOf = Object.fromEntries(names.map((name, index) => [name, index])) as Record<Name, number>;
    this.#at = new Int32Array(names.length);
  }

  clear(): void {
    this.#at.fill(-1);
  }

  /** Goes behind the object. Of two members with one name the last counts; `null` is an absent member; others are ignored. */
  read(json: JsonScanner, scratch: ByteBuffer): void {
    this.clear();
    json.expect(ascii.openBrace);
    if (json.accept(ascii.closeBrace)) return;
    let expected = 0;
    do {
      json.string();
      const index = nameIndex(json, this.#names, expected, scratch);
      json.expect(ascii.colon);
      const isNull = json.peek() === 0x6e;
      if (index >= 0) {
        expected = index + 1;
        this.#at[index] = isNull ? -1 : json.pos;
      }
      json.skipValue();
    } while (json.accept(ascii.comma));
    json.expect(ascii.closeBrace);
  }

  has(name: Name): boolean {
    return (this.#at[this.#indexOf[name]] ?? -1) >= 0;
  }

  /** Goes to the member's value. False: there is none. */
  goTo(json: JsonScanner, name: Name): boolean {
    const at = this.#at[this.#indexOf[name]] ?? -1;
    if (at < 0) return false;
    json.pos = at;
    return true;
  }
}

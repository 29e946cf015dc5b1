/** Slower than elsewhere by so much is worth a look. */
const apartFrom = 1.5;

export function factorTone(factor: number | null): 'bad' | 'quiet' {
  return factor !== null && factor >= apartFrom ? 'bad' : 'quiet';
}

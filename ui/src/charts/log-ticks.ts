/** Where a logarithmic axis is labelled: at powers of ten, or at 1, 2 and 5 of each where fewer than two powers lie within. */
export function logTicks(from: number, to: number): number[] {
  if (!(from > 0) || !(to > from)) return [];
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power += 1) powers.push(10 ** power);
  const within = (value: number) => value >= from * 0.999 && value <= to * 1.001;
  const tens = powers.filter(within);
  if (tens.length >= 3) return tens;
  const finer = powers.flatMap((power) => [power, 2 * power, 5 * power]).filter(within);
  return finer.length >= 2 ? finer : [from, to];
}

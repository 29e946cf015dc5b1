/** Where the value axis ends and how far apart its lines are. */
export interface ValueScale {
  readonly max: number;
  readonly interval: number;
}

const intervalsMax = 4;
const decimalSteps = [1, 2, 2.5, 5, 10];
/** Of one byte unit; below 1024, where the next begins. */
const binarySteps = [0.25, 0.5, 1, 2, 4, 5, 8, 10, 16, 20, 25, 32, 50, 64, 100, 128, 200, 256, 400, 512, 1024];

/** At most four intervals from zero, at values that are short in the unit (UCUM) they are written in. `atLeast`: the top may not be lower. */
export function valueScale(highest: number, unit: string, atLeast = 0): ValueScale {
  const top = Math.max(highest, atLeast);
  if (!(top > 0)) return { max: 1, interval: 1 };
  const interval = unit.startsWith('By')
    ? binaryStep(top)
    : unit.includes('{')
      ? hundredths(decimalStep(top))
      : decimalStep(top);
  return { max: Math.ceil(top / interval - 1e-9) * interval, interval };
}

function decimalStep(top: number): number {
  const power = 10 ** Math.floor(Math.log10(top / intervalsMax));
  const step = decimalSteps.find((one) => one * power * intervalsMax >= top * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** Of what is counted nothing smaller is written. */
function hundredths(step: number): number {
  return step >= 1 ? step : Math.ceil(step * 100 - 1e-9) / 100;
}

function binaryStep(top: number): number {
  const power = 1024 ** Math.max(0, Math.floor(Math.log2(top) / 10));
  const step = binarySteps.find((one) => one * power * intervalsMax >= top) ?? 1024;
  return step * power;
}

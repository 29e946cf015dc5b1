const dark = '#0c1116';
const light = '#ffffff';

/** Text that can be read on a colour (`#rrggbb`): the one of the two with the greater contrast (WCAG 2.2, relative luminance). */
export function inkOn(background: string): string {
  const luminance = luminanceOf(background);
  return (luminance + 0.05) / (luminanceOf(dark) + 0.05) >= (luminanceOf(light) + 0.05) / (luminance + 0.05) ? dark : light;
}

function luminanceOf(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

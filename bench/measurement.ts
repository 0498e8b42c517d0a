/** What a case promises about one of its measurements. */
export interface Aim {
  limit: number;
  at: 'most' | 'least';
}

export interface Measurement {
  name: string;
  value: number;
  aim?: Aim;
}

export type NamedAim = Aim & { name: string };

/** The measurements, those that an aim is about with that aim. */
export function withAims(
  aims: readonly NamedAim[],
  measurements: readonly Measurement[],
): Measurement[] {
  return measurements.map((measurement) => {
    const found = aims.find(({ name }) => name === measurement.name);
    return found ? { ...measurement, aim: { limit: found.limit, at: found.at } } : measurement;
  });
}

export function isMet({ value, aim }: Measurement): boolean {
  if (!aim) return true;
  return aim.at === 'most' ? value <= aim.limit : value >= aim.limit;
}

/** The measurements of a case as a person reads them. */
export function render(title: string, measurements: readonly Measurement[]): string {
  const lines = measurements.map((each) => {
    const value = Number.isInteger(each.value) ? String(each.value) : each.value.toFixed(2);
    const aim = each.aim
      ? `${isMet(each) ? 'met ' : 'MISSED'}  aim ${each.aim.at === 'most' ? '≤' : '≥'} ${each.aim.limit}`
      : '';
    return `  ${each.name.padEnd(52)} ${value.padStart(10)}  ${aim}`;
  });
  return `${title}\n${lines.join('\n')}\n\n`;
}

/** A small made-up table that has something to learn in it, a missing value here and there, and a few categories. */
import { Random } from '#core/math/random.ts';

export function classTable(rows: number, seed = 1): string {
  const random = new Random(seed);
  const towns = ['Brno', 'Ostrava', 'Plzeň', 'a "quoted", town'];
  const lines = ['age,income,town,member,left'];
  for (let i = 0; i < rows; i++) {
    const age = 18 + random.integer(60);
    const income = Math.round(Math.exp(10 + 0.5 * random.normal()));
    const town = towns[random.integer(towns.length)] as string;
    const member = random.uniform() < 0.4;
    const score = 0.06 * (age - 45) + (member ? -1 : 0.5) + (town === 'Brno' ? 1 : 0) + 0.7 * random.normal();
    const shown = random.uniform() < 0.05 ? '' : String(age);
    lines.push(`${shown},${income},"${town.replaceAll('"', '""')}",${member},${score > 0 ? 'yes' : 'no'}`);
  }
  return `${lines.join('\n')}\n`;
}

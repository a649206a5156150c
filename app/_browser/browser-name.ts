/** Name and major version of the browser, as a person would say it: `Chrome 156`. */

interface Brand {
  readonly brand: string;
  readonly version: string;
}

const known = [
  ['Edge', /Edg\/(\d+)/],
  ['Opera', /OPR\/(\d+)/],
  ['Samsung Internet', /SamsungBrowser\/(\d+)/],
  ['Firefox', /(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /(?:Chrome|CriOS)\/(\d+)/],
  ['Safari', /Version\/(\d+).*Safari/],
] as const;

/** Prefers the brands a browser declares, then its user agent; `headless` browsers say so. */
export function browserName(userAgent: string, brands: readonly Brand[] = []): string {
  const brand = brands.find(({ brand }) => /^(Google Chrome|Microsoft Edge|Opera|Brave)$/.test(brand));
  if (brand) return `${brand.brand.replace(/^(Google|Microsoft) /, '')} ${brand.version}`;
  for (const [name, pattern] of known) {
    const match = pattern.exec(userAgent);
    if (match) return `${/Headless/.test(userAgent) ? 'Headless ' : ''}${name} ${match[1]}`;
  }
  return 'Unknown browser';
}

/** This browser's name. */
export function thisBrowser(): string {
  const data: unknown = 'userAgentData' in navigator ? navigator.userAgentData : undefined;
  const brands =
    data && typeof data === 'object' && 'brands' in data && Array.isArray(data.brands) ? (data.brands as Brand[]) : [];
  return browserName(navigator.userAgent, brands);
}

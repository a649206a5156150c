/** The Vulkan driver in software that comes with Chromium: with it WebGPU can be checked where there is no GPU. */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findBrowser } from './browser.ts';

/** Environment of a process that finds the driver, or null where this machine's Chromium brings none. */
export async function softwareVulkan(): Promise<Readonly<Record<string, string>> | null> {
  if (process.platform !== 'linux') return null;
  const { executablePath } = await findBrowser();
  const own = executablePath && existsSync(executablePath) ? [dirname(realpathSync(executablePath))] : [];
  for (const folder of [...own, '/usr/lib/chromium']) {
    const driver = join(folder, 'vk_swiftshader_icd.json');
    if (!existsSync(driver) || !existsSync(join(folder, 'libvulkan.so.1'))) continue;
    return { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver };
  }
  return null;
}

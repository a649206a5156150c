/** The rail's entries, shared by rail, bottom bar, palette and key list. */
import { Activity, Boxes, Database, type LucideIcon, Users } from 'lucide-react';
import { routes } from '../../_lib/routes.ts';

export interface NavEntry {
  readonly label: string;
  readonly icon: LucideIcon;
  /** Where it leads, given the project one is in. */
  readonly href: (projectId: string | null) => string;
  /** Path prefix under which the entry is the current one. */
  readonly prefix: string;
  /** Second key after `g`. */
  readonly key: string;
}

export const navEntries: readonly NavEntry[] = [
  { label: 'Projects', icon: Boxes, href: () => routes.projects(), prefix: '/projects', key: 'p' },
  { label: 'Bank', icon: Database, href: () => routes.bank(), prefix: '/bank', key: 'b' },
  { label: 'Team', icon: Users, href: (project) => routes.team(project), prefix: '/team', key: 't' },
  { label: 'Activity', icon: Activity, href: (project) => routes.activity(project), prefix: '/activity', key: 'a' },
];

'use client';
import { Select } from '../ui/select.tsx';

export interface ProjectSelectProps {
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  readonly value: string | null;
  readonly onChange: (id: string) => void;
}

/** Which project the page is about. */
export function ProjectSelect({ projects, value, onChange }: ProjectSelectProps) {
  return (
    <Select
      aria-label="Project"
      value={value}
      onChange={onChange}
      options={projects.map((one) => ({ value: one.id, label: one.name }))}
      placeholder="Choose a project"
      className="w-64 max-w-full"
    />
  );
}

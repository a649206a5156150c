'use client';
import Link from 'next/link';
import { formatCount } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import type { ProjectRow } from './projects-view.tsx';

/** @param rows null while they load */
export function ProjectsTable({
  label,
  rows,
}: {
  readonly label: string;
  readonly rows: readonly ProjectRow[] | null;
}) {
  return (
    <Table
      label={label}
      head={
        <>
          <Th>Project</Th>
          <Th end>Data sets</Th>
          <Th end>Searches</Th>
          <Th end>Models</Th>
          <Th>Your role</Th>
          <Th end>Created</Th>
        </>
      }
    >
      {rows ? (
        rows.map((project) => (
          <Tr key={project.id} covered>
            <Td className="h-10 max-w-96">
              <Link href={routes.project(project.id)} className="cover-link block truncate font-medium no-underline">
                {project.name}
              </Link>
            </Td>
            <Td end>{formatCount(project.datasets)}</Td>
            <Td end>{formatCount(project.searches)}</Td>
            <Td end>{formatCount(project.models)}</Td>
            <Td className="text-muted">{project.role}</Td>
            <Td end className="text-muted">
              <Time value={project.createdAt} />
            </Td>
          </Tr>
        ))
      ) : (
        <SkeletonRows rows={3} columns={6} />
      )}
    </Table>
  );
}

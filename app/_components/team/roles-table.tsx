const roles = [
  { role: 'viewer', may: 'See data sets, searches and models; download models.' },
  {
    role: 'editor',
    may: 'Also add data, start and stop searches, check and publish models, delete what is in the project.',
  },
  { role: 'admin', may: 'Also invite and remove people, rename and delete the project, read its activity.' },
  { role: 'owner', may: 'All of this in the whole workspace.' },
];

/** The roles in words; the server’s table of scopes is what counts. */
export function RolesTable() {
  return (
    <dl className="flex flex-col gap-3 text-table">
      {roles.map(({ role, may }) => (
        <div key={role}>
          <dt className="font-medium">{role}</dt>
          <dd className="text-muted">{may}</dd>
        </div>
      ))}
    </dl>
  );
}

/**
 * The catalog: what the libraries hold, who provides it, how it is shared; and its drafts, from the first line to its publication.
 */
import type { ReactNode } from 'react';
import { Route, Routes } from 'react-router';
import { DraftPage } from './draft-page.tsx';
import { EditDraftPage, EditResourcePage } from './edit-page.tsx';
import { ItemPage } from './item-page.tsx';
import { ListPage } from './list-page.tsx';
import { ResourcePage } from './resource-page.tsx';

export default function CatalogRoom(): ReactNode {
  return (
    <Routes>
      <Route index element={<ListPage />} />
      <Route path="items/:code" element={<ItemPage />} />
      <Route path="resources/:code" element={<ResourcePage />} />
      <Route path="resources/:code/edit" element={<EditResourcePage />} />
      <Route path="new" element={<EditResourcePage />} />
      <Route path="drafts/:number" element={<DraftPage />} />
      <Route path="drafts/:number/edit" element={<EditDraftPage />} />
    </Routes>
  );
}

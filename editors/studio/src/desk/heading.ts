// Which issue this is, above it and in the window's name.
import { byId, el } from '../elements';
import type { Desk, Part } from './desk';

export const heading: Part = {
  start(desk) {
    const publication = document.title.split(' · ').at(-1) ?? '';
    desk.on('look', (look) => {
      const day = look.date ? dayOf(look.date, desk) : '';
      const name = look.number === null ? '' : `No. ${look.number}`;
      const title = [name, day].filter(Boolean).join(', ') || desk.name;
      if (byId('heading').dataset['title'] === title) return;
      byId('heading').dataset['title'] = title;
      byId('heading').replaceChildren(name || (day ? '' : desk.name), day && el('span', { lang: desk.house.language }, day));
      document.title = `${title} · ${publication}`;
    });
  },
};

/** "Friday 19 June", in the language of the publication; with the year where it is another. */
function dayOf(date: string, desk: Desk): string {
  const day = new Date(`${date}T12:00:00Z`);
  const isNow = day.getUTCFullYear() === new Date().getFullYear();
  const form: Intl.DateTimeFormatOptions = {
    weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC', ...(isNow ? {} : { year: 'numeric' }),
  };
  try {
    return day.toLocaleDateString(desk.house.language, form).replace(',', '');
  } catch {
    return day.toLocaleDateString('en-GB', form).replace(',', '');
  }
}

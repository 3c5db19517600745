import { useMemo, useState, type JSX } from "react";
import { Autocomplete, Button, Input, Label, ListBox, ListBoxItem, SearchField, Text } from "react-aria-components";
import { useT } from "../i18n/index.ts";
import { cx } from "./cx.ts";
import fields from "./fields.module.css";
import { Icon } from "./Icon.tsx";
import { searchEntries, type Searchable } from "./search.ts";
import styles from "./SearchList.module.css";

export interface SearchItem extends Searchable {
  readonly id: string;
  /** BCP 47 tag of the title, where it is not the page's language. */
  readonly lang?: string;
  readonly badge?: string;
}

export interface SearchListProps {
  readonly label: string;
  readonly searchLabel: string;
  readonly items: readonly SearchItem[];
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

/** One of many: a list with a search field whose arrow keys move in the list. */
export function SearchList({ label, searchLabel, items, selected, onSelect }: SearchListProps): JSX.Element {
  const t = useT("common");
  const [query, setQuery] = useState("");
  const found = useMemo(() => searchEntries(items, query), [items, query]);
  return (
    <div className={styles.searchList}>
      <Autocomplete inputValue={query} onInputChange={setQuery}>
        <SearchField className={cx(fields.field)}>
          <Label className={cx(fields.label)}>{label}</Label>
          <div className={cx(fields.box, styles.box)}>
            <span className={styles.glass}>
              <Icon name="search" />
            </span>
            <Input role="combobox" aria-expanded className={cx(fields.input)} placeholder={searchLabel} dir="auto" />
            {query === "" ? null : (
              <Button aria-label={t("clearSearch")} className={cx(fields.inside)}>
                <Icon name="close" />
              </Button>
            )}
          </div>
        </SearchField>
        <ListBox
          aria-label={label}
          items={found}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={selected === null ? [] : [selected]}
          onSelectionChange={(keys) => {
            const [key] = keys === "all" ? [] : keys;
            if (key !== undefined) onSelect(String(key));
          }}
          renderEmptyState={() => <p className={styles.empty}>{t("noMatch", { search: query })}</p>}
          className={cx(styles.list)}
        >
          {({ id, title, description, lang, badge }) => (
            <ListBoxItem id={id} textValue={title} className={cx(styles.item)}>
              <Text slot="label" className={cx(styles.title)} {...(lang === undefined ? {} : { lang })}>
                {title}
              </Text>
              {description === undefined ? null : (
                <Text slot="description" className={cx(styles.description)}>
                  {description}
                </Text>
              )}
              {badge === undefined ? null : <span className={styles.badge}>{badge}</span>}
              <span className={styles.check}>
                <Icon name="check" />
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Autocomplete>
    </div>
  );
}

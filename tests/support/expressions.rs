//! Makes well-formed expressions of the Terraform language out of a row of choices, so that fewer and smaller choices make
//! smaller expressions.
#![allow(dead_code, unreachable_pub, missing_docs)]

/// The longest expression that is made, in bytes.
pub const LONGEST: usize = 500;

#[rustfmt::skip]
const NUMBERS: [&str; 30] = [
    "1", "0", "2", "-1", "3", "10", "0.5", "1.50", "-2.5", "7", "1e3", "1.5e-3", "0.1", "100", "255", "-0",
    "0.30000001", "123456789.123456789", "12345678901234567890", "1e21", "9007199254740993", "3.14159", "-7", "0.2",
    "2.675", "1e-10", "42", "64", "1e40", "99999999999999999999.9",
];
#[rustfmt::skip]
const TEXTS: [&str; 36] = [
    "a", "", "b", "ab", "A", "1", "10", "true", "1.5", " a ", "a,b", "a-b_c", "x.y", "é", "e\u{301}", "ß", "日本",
    "👍🏽", "👩‍👩‍👧", "🇩🇪", "\\n", "a\\nb", "\\t", "\\\"q\\\"", "$${x}", "%%{x}", "\\\\", "<&>", "hello world",
    "Hello", "aGk=", "-5", "0x1F", "null", "\\u00a0", "aaa",
];
const NAMES: [&str; 8] = ["a", "b", "c", "x", "key", "a_b", "Z", "name"];
#[rustfmt::skip]
const PATTERNS: [&str; 14] = [
    "a", "[a-z]+", "(.)(.)", "^.", ".$", "(?P<l>[a-z])(?P<r>.?)", "\\\\d+", "\\\\s*", "(a|b)+?", "[^a]", "a{2}",
    "(?i)A", "x?", "\\\\pL",
];
#[rustfmt::skip]
const FORMATS: [&str; 22] = [
    "%s", "%d", "%v", "%q", "%5s|", "%-5s|", "%05d", "%.2f", "%x", "%t", "%#v", "%e", "%g", "%b", "%o", "%%", "%+d",
    "%.1s", "%8.3f", "%[1]s", "x%sy", "%X",
];
const CIDRS: [&str; 6] = ["10.0.0.0/8", "192.168.1.0/24", "10.1.2.3/16", "fd00::/64", "0.0.0.0/0", "172.16.0.0/30"];
const DATES: [&str; 5] = [
    "2024-02-29T23:59:59Z",
    "2023-01-01T00:00:00+02:00",
    "1999-12-31T12:30:00-07:00",
    "2026-11-22T01:02:03Z",
    "2024-13-01T00:00:00Z",
];
const DATE_FORMATS: [&str; 8] =
    ["YYYY-MM-DD", "EEE, D MMM YY", "hh:mm:ss", "HH:mm AA", "ZZZZ", "H aa", "'on' EEEE", "MMMM M"];
const DURATIONS: [&str; 6] = ["1h", "-30m", "1h30m5s", "0.5h", "100ms", "1x"];

/// Functions by what they give, with what they take. `n` number, `i` small whole number, `s` string, `b` bool, `l` list of
/// strings, `m` list of numbers, `o` object or map, `t` set, `v` list of lists, `a` anything; `p` pattern, `c` CIDR, `d` date,
/// `D` date format, `u` duration, `f` format, `j` encoded text, `w` tuple of anything. `*`: the one before it up to three times.
const FUNCTIONS: [(char, &str); 9] = [
    (
        'n',
        "abs(n) ceil(n) floor(n) signum(i) max(nn*) min(nn*) pow(ii) log(ni) parseint(si) sum(m) length(a) \
         length(s) tonumber(s) index(ls) timecmp(dd) length(l) element(mi) index(wa)",
    ),
    (
        's',
        "upper(s) lower(s) title(s) trimspace(s) trim(ss) trimprefix(ss) trimsuffix(ss) chomp(s) indent(is) \
         join(sl) replace(sss) substr(sii) strrev(s) format(fa) format(fn) format(fs) tostring(n) tostring(b) \
         base64encode(s) base64decode(s) md5(s) sha1(s) sha256(s) sha512(s) base64sha256(s) urlencode(s) \
         jsonencode(a) jsonencode(s) yamlencode(a) yamlencode(s) element(li) coalesce(ss*) formatdate(Dd) \
         timeadd(du) cidrhost(ci) cidrnetmask(c) cidrsubnet(cii) basename(s) dirname(s) regex(ps) one(l) \
         uuidv5(ss) lookup(oss) base64sha512(s) format(fw) jsonencode(w) yamlencode(w)",
    ),
    (
        'b',
        "contains(ls) contains(ma) startswith(ss) endswith(ss) strcontains(ss) alltrue(l) anytrue(l) can(a) \
         can(n) tobool(s) can(o) issensitive(a) contains(wa)",
    ),
    (
        'l',
        "split(ss) concat(ll*) compact(l) distinct(l) keys(o) reverse(l) slice(lii) sort(l) tolist(l) \
         tolist(t) formatlist(fl) flatten(v) matchkeys(lll) regexall(ps) values(o) coalescelist(ll*) \
         cidrsubnets(ci*) concat(lv) distinct(v)",
    ),
    ('m', "range(i) range(iii) reverse(m) slice(mii) tolist(m) distinct(m) concat(mm)"),
    ('t', "toset(l) toset(m) setunion(ll) setintersection(ll) setsubtract(lt) toset(v) setunion(tm)"),
    ('v', "chunklist(li) chunklist(mi) setproduct(lm) tolist(v) values(o) setproduct(tl) reverse(v)"),
    ('o', "merge(oo*) tomap(o) zipmap(lm) zipmap(ll) transpose(o)"),
    (
        'a',
        "try(aa) try(ns) jsondecode(s) yamldecode(s) lookup(osa) sensitive(a) nonsensitive(a) tolist(w) \
         toset(w) concat(ww) flatten(w) element(wi) setunion(ww) distinct(w) coalesce(aa) reverse(w) \
         setproduct(ww) zipmap(lw) tomap(o) merge(oo) matchkeys(wll) transpose(o) setsubtract(ww) one(w) \
         chunklist(wi) slice(wii) jsondecode(j) yamldecode(j) csvdecode(s) compact(w)",
    ),
];

/// Makes one expression.
pub fn expression(choices: &[u32]) -> String {
    let mut made = Maker { choices: choices.iter(), names: Vec::new(), next: 0 };
    let depth = 2 + made.below(3);
    made.make('a', depth)
}

struct Maker<'c> {
    choices: std::slice::Iter<'c, u32>,
    /// Variables of `for` in scope: what they are, and their names.
    names: Vec<(char, String)>,
    next: usize,
}

impl Maker<'_> {
    /// A number below a limit; 0 where no choice is left.
    fn below(&mut self, limit: usize) -> usize {
        self.choices.next().map_or(0, |choice| *choice as usize % limit)
    }

    fn of(&mut self, from: &[&str]) -> String {
        let at = self.below(from.len());
        from[at].to_owned()
    }

    fn many(&mut self, kind: char, depth: usize) -> String {
        let count = self.below(4);
        (0..count).map(|_| self.make(kind, depth)).collect::<Vec<_>>().join(", ")
    }

    /// An expression that is likely of a kind.
    fn make(&mut self, kind: char, depth: usize) -> String {
        match kind {
            'i' => return self.below(6).saturating_sub(1).to_string(),
            'p' => return format!("\"{}\"", self.of(&PATTERNS)),
            'f' => return format!("\"{}\"", self.of(&FORMATS)),
            'c' => return format!("\"{}\"", self.of(&CIDRS)),
            'd' => return format!("\"{}\"", self.of(&DATES)),
            'D' => return format!("\"{}\"", self.of(&DATE_FORMATS)),
            'u' => return format!("\"{}\"", self.of(&DURATIONS)),
            'j' => return format!("jsonencode({})", self.make('a', depth.saturating_sub(1))),
            'w' => return format!("[{}]", self.many('a', depth.saturating_sub(1))),
            'a' => {
                let kinds = ['n', 's', 'b', 'l', 'o', 'm', 't', 'v', 'w', 'x', 'y'];
                let kind = kinds[self.below(kinds.len())];
                return match (kind, depth) {
                    ('x' | 'y', 0) => self.literal('s', 0),
                    ('x', _) => self.call('a', depth - 1),
                    ('y', _) => self.conditional('a', depth - 1),
                    _ => self.make(kind, depth),
                };
            }
            _ => {}
        }
        // Now and then what does not fit.
        if self.below(40) == 39 {
            return if self.below(3) == 0 { "null".to_owned() } else { self.make('a', depth.saturating_sub(1)) };
        }
        let named: Vec<String> =
            self.names.iter().filter(|(of, _)| *of == kind || *of == 'a').map(|(_, name)| name.clone()).collect();
        if !named.is_empty() && self.below(3) == 1 {
            let at = self.below(named.len());
            return named[at].clone();
        }
        if depth == 0 {
            return self.literal(kind, 0);
        }
        let inner = depth - 1;
        match self.below(12) {
            0 | 1 => self.literal(kind, inner),
            2..=5 => self.call(kind, inner),
            6 => self.conditional(kind, inner),
            7 => self.index(kind, inner),
            _ => self.special(kind, inner),
        }
    }

    fn conditional(&mut self, kind: char, depth: usize) -> String {
        let condition = self.make('b', depth.min(1));
        format!("({condition} ? {} : {})", self.make(kind, depth), self.make(kind, depth))
    }

    fn literal(&mut self, kind: char, depth: usize) -> String {
        match kind {
            'n' => self.of(&NUMBERS),
            'b' => self.of(&["true", "false"]),
            'l' => format!("[{}]", self.many('s', depth)),
            'm' => format!("[{}]", self.many('n', depth)),
            'v' => {
                let of = if self.below(2) == 0 { 'l' } else { 'm' };
                format!("[{}]", self.many(of, depth))
            }
            't' => format!("toset([{}])", self.many('s', depth)),
            'o' => {
                let of = ['n', 's', 'a', 'l', 'o'][self.below(5)];
                let count = self.below(4);
                let mut names: Vec<String> = Vec::new();
                let mut items = Vec::new();
                for _ in 0..count {
                    let name = match self.below(5) {
                        0 => format!("(\"{}\")", self.of(&["", "é", "1", "a b", "日本", "e\u{301}", "true"])),
                        _ => self.of(&NAMES),
                    };
                    if !names.contains(&name) {
                        items.push(format!("{name} = {}", self.make(of, depth)));
                        names.push(name);
                    }
                }
                if items.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", items.join(", ")) }
            }
            _ => format!("\"{}\"", self.of(&TEXTS)),
        }
    }

    fn call(&mut self, kind: char, depth: usize) -> String {
        let (_, fitting) = FUNCTIONS.iter().find(|(gives, _)| *gives == kind).unwrap_or(&FUNCTIONS[0]);
        let fitting: Vec<&str> = fitting.split_whitespace().collect();
        let at = self.below(fitting.len());
        let (name, takes) = fitting[at].trim_end_matches(')').split_once('(').unwrap_or((fitting[at], ""));
        let mut arguments = Vec::new();
        let mut last = 'a';
        for kind in takes.chars() {
            let count = if kind == '*' { self.below(3) } else { 1 };
            last = if kind == '*' { last } else { kind };
            arguments.extend((0..count).map(|_| self.make(last, depth)));
        }
        format!("{name}({})", arguments.join(", "))
    }

    fn index(&mut self, kind: char, depth: usize) -> String {
        match (kind, self.below(3)) {
            ('n', _) => format!("{}[{}]", self.make('m', depth), self.below(3)),
            ('s', _) => format!("{}[{}]", self.make('l', depth), self.below(3)),
            ('l' | 'm', 0) => format!("{}[{}]", self.make('v', depth), self.below(2)),
            (_, 1) => {
                let name = self.of(&NAMES);
                format!("{{ {name} = {}, other = {} }}.{name}", self.make(kind, depth), self.make('a', depth))
            }
            _ => {
                let name = self.of(&NAMES);
                format!("{{ {name} = {} }}[\"{name}\"]", self.make(kind, depth))
            }
        }
    }

    /// What only one kind has: operators, templates, `for`, splats.
    fn special(&mut self, kind: char, depth: usize) -> String {
        match kind {
            'n' => {
                let operator = self.of(&["+", "-", "*", "/", "%"]);
                match self.below(6) {
                    0 => format!("-{}", self.make('n', 0)),
                    _ => format!("({} {operator} {})", self.make('n', depth), self.make('n', depth)),
                }
            }
            'b' => match self.below(4) {
                0 => format!("!{}", self.make('b', 0)),
                1 => {
                    let operator = self.of(&["<", "<=", ">", ">="]);
                    format!("({} {operator} {})", self.make('n', depth), self.make('n', depth))
                }
                2 => {
                    let operator = self.of(&["&&", "||"]);
                    format!("({} {operator} {})", self.make('b', depth), self.make('b', depth))
                }
                _ => {
                    let operator = self.of(&["==", "!="]);
                    let of = ['n', 's', 'a', 'l', 'o'][self.below(5)];
                    format!("({} {operator} {})", self.make(of, depth), self.make(of, depth))
                }
            },
            's' => self.template(depth),
            'o' => self.for_object(depth),
            't' => format!("toset({})", self.make('l', depth)),
            _ => {
                let item = match kind {
                    'l' => 's',
                    'm' => 'n',
                    _ => 'l',
                };
                if self.below(4) == 0 {
                    let name = self.of(&NAMES);
                    let splat = self.of(&["[*]", ".*"]);
                    let one = self.make(item, depth);
                    return format!("[{{ {name} = {one} }}, {{ {name} = {} }}]{splat}.{name}", self.make(item, depth));
                }
                self.for_list(item, depth)
            }
        }
    }

    fn template(&mut self, depth: usize) -> String {
        let (before, after) = (self.of(&TEXTS), self.of(&TEXTS));
        let (left, right) = (self.of(&["", "~"]), self.of(&["", "~"]));
        match self.below(4) {
            0 => format!("\"{before}${{{left}{}{right}}}{after}\"", self.make('n', depth)),
            1 => {
                let condition = self.make('b', depth);
                format!("\"{before}%{{{left} if {condition} {right}}} {after} %{{ else }}-%{{ endif {right}}}\"")
            }
            2 => {
                let collection = self.make('l', depth);
                let name = self.name('s');
                let made = format!(
                    "\"{before}%{{ for {name} in {collection} {right}}} ${{{name}}}{after} %{{{left} endfor }}\""
                );
                self.names.pop();
                made
            }
            _ => format!("\"{before}${{{left} {} {right}}} {after}\"", self.make('s', depth)),
        }
    }

    fn name(&mut self, kind: char) -> String {
        self.next += 1;
        let name = format!("v{}", self.next);
        self.names.push((kind, name.clone()));
        name
    }

    /// `for` with two names, which are in scope until they are taken off again.
    fn head(&mut self, depth: usize) -> String {
        let (of, key, value) =
            [('l', 'n', 's'), ('m', 'n', 'n'), ('o', 's', 'a'), ('t', 's', 's'), ('v', 'n', 'l')][self.below(5)];
        let collection = self.make(of, depth);
        format!("for {}, {} in {collection} :", self.name(key), self.name(value))
    }

    fn condition(&mut self, depth: usize) -> String {
        if self.below(3) == 1 { format!(" if {}", self.make('b', depth)) } else { String::new() }
    }

    fn for_list(&mut self, item: char, depth: usize) -> String {
        let head = self.head(depth);
        let made = format!("[{head} {}{}]", self.make(item, depth), self.condition(depth));
        self.names.truncate(self.names.len() - 2);
        made
    }

    fn for_object(&mut self, depth: usize) -> String {
        let head = self.head(depth);
        let group = self.of(&["", "..."]);
        let made =
            format!("{{{head} {} => {}{group}{}}}", self.make('s', 1), self.make('a', depth), self.condition(depth));
        self.names.truncate(self.names.len() - 2);
        made
    }
}

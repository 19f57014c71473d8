//! Names and places by script.

/// Where a person is from.
pub(crate) struct Locale {
    pub(crate) first: &'static [&'static str],
    pub(crate) last: &'static [&'static str],
    /// City, state or region, postal code.
    pub(crate) places: &'static [(&'static str, &'static str, &'static str)],
    pub(crate) streets: &'static [&'static str],
    pub(crate) country: &'static str,
    pub(crate) country_code: &'static str,
    pub(crate) calling_code: &'static str,
    /// Digits of a number without the calling code.
    pub(crate) phone_digits: usize,
    /// How the part before the @ is spelled when the name has no Latin letters.
    pub(crate) latin: &'static str,
}

pub(crate) static LOCALES: &[Locale] = &[
    Locale {
        first: &[
            "Ada",
            "Grace",
            "Alan",
            "Katherine",
            "Jo",
            "Maximilian-Alexander",
            "O",
            "Mary Jane",
        ],
        last: &[
            "Lovelace",
            "O'Brien",
            "Smith",
            "van der Berg",
            "Featherstonehaugh-Cholmondeley",
            "Li",
        ],
        places: &[
            ("Austin", "TX", "78701"),
            ("Portland", "OR", "97205"),
            ("New York", "NY", "10001"),
        ],
        streets: &[
            "3535 1st St N",
            "12 Main Street",
            "1 Infinite Loop, Suite 400",
        ],
        country: "United States",
        country_code: "US",
        calling_code: "1",
        phone_digits: 10,
        latin: "us",
    },
    Locale {
        first: &[
            "José",
            "Renée",
            "Zoë",
            "Søren",
            "Łukasz",
            "François-Xavier",
            "Íñigo",
            "Ørjan",
        ],
        last: &[
            "Núñez",
            "Müller",
            "Çelik",
            "Dvořák",
            "Ångström",
            "d'Été",
            "García Márquez",
        ],
        places: &[
            ("Köln", "Nordrhein-Westfalen", "50667"),
            ("Zürich", "ZH", "8001"),
            ("Łódź", "", "90-001"),
        ],
        streets: &[
            "Straße des 17. Juni 135",
            "Rue de l'Église 4",
            "ul. Piotrkowska 12/3",
        ],
        country: "Germany",
        country_code: "DE",
        calling_code: "49",
        phone_digits: 10,
        latin: "eu",
    },
    Locale {
        first: &["Анна", "Дмитрий", "Ольга", "Юрий", "Екатерина"],
        last: &["Иванова", "Достоевский", "Щукина", "Ёлкин"],
        places: &[
            ("Київ", "", "01001"),
            ("Харків", "Харківська область", "61000"),
        ],
        streets: &["вул. Хрещатик, 22", "пр. Науки, 14, кв. 5"],
        country: "Ukraine",
        country_code: "UA",
        calling_code: "380",
        phone_digits: 9,
        latin: "ua",
    },
    Locale {
        first: &["محمد", "فاطمة", "عبد الرحمن", "ليلى"],
        last: &["الخوارزمي", "بن علي", "حسن"],
        places: &[("القاهرة", "", "11511"), ("الإسكندرية", "", "21500")],
        streets: &["شارع التحرير ١٢", "٥ شارع النيل"],
        country: "Egypt",
        country_code: "EG",
        calling_code: "20",
        phone_digits: 10,
        latin: "eg",
    },
    Locale {
        first: &["伟", "芳", "秀英", "小明", "𠮷"],
        last: &["王", "李", "欧阳", "司馬"],
        places: &[("上海", "", "200000"), ("北京", "", "100000")],
        streets: &["南京东路100号", "朝阳区建国路1号3栋1201室"],
        country: "China",
        country_code: "CN",
        calling_code: "86",
        phone_digits: 11,
        latin: "cn",
    },
    Locale {
        first: &["Party 🎉 Pat", "Zara ✨", "👩‍🚀 Sally"],
        last: &["Sunshine ☀️", "🦄", "Rocket"],
        places: &[("Sydney", "NSW", "2000"), ("Perth", "WA", "6000")],
        streets: &["7 Bondi Rd 🏄", "Level 3, 100 George St"],
        country: "Australia",
        country_code: "AU",
        calling_code: "61",
        phone_digits: 9,
        latin: "au",
    },
];

pub(crate) static COMPANIES: &[&str] = &[
    "Analytical Engines Ltd",
    "Café Zürich & Söhne",
    "ООО «Ромашка»",
    "DGS VolMAX",
    "王记餐厅",
];

pub(crate) static TITLES: &[&str] = &["CEO", "Office Manager", "Vertriebsleiter", "Head of R&D"];

pub(crate) static TAGS: &[&str] = &[
    "VIP",
    "newsletter",
    "Trade Show 2025",
    "Kunde",
    "follow-up",
    "webinar",
    "партнёр",
];

pub(crate) static HOBBIES: &[&str] = &["Skiing", "Chess", "Gärtnern", "音楽"];

pub(crate) static INTERESTS: &[&str] = &["Music", "Sports", "Travel"];

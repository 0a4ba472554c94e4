//! Countries of certificates (two letters) and of documents (three letters).

/// ISO 3166-1: alpha-2 and alpha-3 codes, side by side.
const CODES: &str = "\
    ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB \
    BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR \
    BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR \
    CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK \
    FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS \
    GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN \
    ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO \
    LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD \
    MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER \
    NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM \
    PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP \
    SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF \
    TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY \
    UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE";

/// The code of three letters for one of two.
#[must_use]
pub fn alpha_3(alpha_2: &str) -> Option<&'static str> {
    CODES
        .split_ascii_whitespace()
        .find_map(|codes| codes.strip_prefix(alpha_2).filter(|code| code.len() == 3))
}

/// The code of two letters for one of three, or for the one letter that Germany writes into documents.
#[must_use]
pub fn alpha_2(state: &str) -> Option<&'static str> {
    let alpha_3 = if state == "D" { "DEU" } else { state };
    CODES
        .split_ascii_whitespace()
        .find_map(|codes| codes.strip_suffix(alpha_3).filter(|code| code.len() == 2))
}

/// Whether a certificate's country and a document's state are the same. Germany writes one letter into documents (ICAO Doc
/// 9303-3, section 5); certificates have theirs in either case.
#[must_use]
pub fn is_same(alpha_2: &str, state: &str) -> bool {
    let alpha_2 = alpha_2.to_ascii_uppercase();
    (alpha_2 == "DE" && state == "D") || alpha_3(&alpha_2) == Some(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_matched_by_both_codes() {
        for (two, three) in
            [("MA", "MAR"), ("BH", "BHR"), ("DE", "D"), ("DE", "DEU"), ("ZW", "ZWE"), ("AD", "AND")]
        {
            assert_eq!(alpha_2(three), Some(two));
            assert!(is_same(two, three), "{two} {three}");
        }
        assert!(is_same("ma", "MAR") && !is_same("MA", "mar"));
        for (two, three) in
            [("MA", "BHR"), ("M", "MAR"), ("", "MAR"), ("MAR", "MAR"), ("XX", "XXX"), ("MA", "")]
        {
            assert!(!is_same(two, three), "{two} {three}");
        }
        assert_eq!(CODES.split_ascii_whitespace().count(), 249);
        assert!(CODES.split_ascii_whitespace().all(|codes| codes.len() == 5));
    }
}
